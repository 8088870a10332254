"""Which changes of a schema need a new version of the message.

Messages are written and read by programs of different ages, and stay in the log for a month. So a
schema may only gain optional fields and change its texts: then readers of the old schema can read
new messages, and readers of the new schema old ones. Nothing else may change.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
References = frozenset[tuple[str, str]]  # pairs that have been followed: old, new

UNCHECKED = {"title", "description", "$schema", "$id", "$defs", "$ref", "properties", "required"}


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return the changes that break a reader, each with its place; none if compatible."""
    return list(_Comparison(old, new).breaks(old, new, "$", frozenset()))


class _Comparison:
    """A comparison of two documents; the references of each point into itself."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new

    def breaks(self, old: Schema, new: Schema, at: str, visited: References) -> Iterator[str]:
        pair = (old.get("$ref", ""), new.get("$ref", ""))
        if any(pair):
            if pair in visited:  # a recursive type
                return
            visited |= {pair}
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        yield from self._fields(old, new, at, visited)
        for name in sorted((old.keys() | new.keys()) - UNCHECKED):
            yield from self._part(old.get(name), new.get(name), f"{at}.{name}", visited)

    def _fields(self, old: Schema, new: Schema, at: str, visited: References) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        required, now_required = set(old.get("required", ())), set(new.get("required", ()))
        yield from (f"{at}.{name}: gone" for name in sorted(before.keys() - after.keys()))
        for name in sorted(now_required - required):
            yield f"{at}.{name}: now required: older messages may lack it"
        for name in sorted((required - now_required) & after.keys()):
            yield f"{at}.{name}: no longer required: older readers rely on it"
        for name in sorted(before.keys() & after.keys()):
            yield from self.breaks(before[name], after[name], f"{at}.{name}", visited)

    def _part(self, old: Any, new: Any, at: str, visited: References) -> Iterator[str]:
        """Compare a keyword's values: schemas, lists of schemas, or what must stay the same."""
        if isinstance(old, dict) and isinstance(new, dict):
            yield from self.breaks(old, new, at, visited)
        elif _schemas(old) and _schemas(new) and len(old) == len(new):
            for number, (before, after) in enumerate(zip(old, new, strict=True)):
                yield from self.breaks(before, after, f"{at}[{number}]", visited)
        elif old != new:
            yield f"{at}: {_shown(old)} became {_shown(new)}"


def _schemas(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _resolved(schema: Schema, document: Schema) -> Schema:
    """Follow references until a schema is reached."""
    while "$ref" in schema:
        part: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            part = part[step]
        schema = part
    return schema


def _shown(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
