"""What of a schema's change needs a new version.

Messages are written and read by programs of different ages, and stay in the log for a month. So a
schema may only gain optional fields (and words): then whoever reads by the old one reads the new
messages, and whoever reads by the new one reads the old messages. Nothing else may change.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

WORDS = {"title", "description", "$schema", "$id", "$defs", "$ref", "properties", "required"}


def breaks(old: Schema, new: Schema) -> list[str]:
    """What of a change breaks a reader, each with its place; none if it is compatible."""
    return list(_Comparison(old, new).compared(old, new, "$", frozenset()))


class _Comparison:
    """Two documents, whose references point into themselves."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new

    def compared(
        self, old: Schema, new: Schema, at: str, seen: frozenset[tuple[str, str]]
    ) -> Iterator[str]:
        pair = (old.get("$ref", ""), new.get("$ref", ""))
        if any(pair):
            if pair in seen:  # a type that holds itself
                return
            seen |= {pair}
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        yield from self._fields(old, new, at, seen)
        for name in sorted((old.keys() | new.keys()) - WORDS):
            yield from self._part(old.get(name), new.get(name), f"{at}.{name}", seen)

    def _fields(
        self, old: Schema, new: Schema, at: str, seen: frozenset[tuple[str, str]]
    ) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        must, must_now = set(old.get("required", ())), set(new.get("required", ()))
        yield from (f"{at}.{name}: gone" for name in sorted(before.keys() - after.keys()))
        for name in sorted(must_now - must):
            yield f"{at}.{name}: required, it was not: older messages may lack it"
        for name in sorted((must - must_now) & after.keys()):
            yield f"{at}.{name}: no longer required: older readers count on it"
        for name in sorted(before.keys() & after.keys()):
            yield from self.compared(before[name], after[name], f"{at}.{name}", seen)

    def _part(self, old: Any, new: Any, at: str, seen: frozenset[tuple[str, str]]) -> Iterator[str]:
        """A keyword's value: a schema, a list of them, or what must stay as it is."""
        if isinstance(old, dict) and isinstance(new, dict):
            yield from self.compared(old, new, at, seen)
        elif _schemas(old) and _schemas(new) and len(old) == len(new):
            for number, (one, other) in enumerate(zip(old, new, strict=True)):
                yield from self.compared(one, other, f"{at}[{number}]", seen)
        elif old != new:
            yield f"{at}: {_told(old)} became {_told(new)}"


def _schemas(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _resolved(schema: Schema, document: Schema) -> Schema:
    """The schema that a reference means."""
    while "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _told(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
