"""Write the chart's values, their schema and its README from typed values: `make chart`."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from chart_parts import Access, Secrets  # noqa: E402
from chart_values import Values  # noqa: E402

from streams.secret_url import SecretUrl  # noqa: E402
from streams.settings import Settings  # noqa: E402

CHART = HERE / "overcast"
# The chart sets these itself: ports, addresses and folders of a container.
OWN = {
    "metrics_port",
    "metrics_host",
    "dashboard_host",
    "dashboard_port",
    "worker_port",
    "state_dir",
}


def settings_schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """What may stand in `settings`, and what in `secrets.values`: by the code that reads them."""
    plain, secret = dict[str, Any](), dict[str, Any]()
    for name, schema in Settings.model_json_schema()["properties"].items():
        kept = {key: value for key, value in schema.items() if key not in {"title", "writeOnly"}}
        if schema.get("writeOnly"):
            secret[name] = kept
        elif name not in OWN:
            plain[name] = kept
        if isinstance(Settings.model_fields[name].default, SecretUrl):
            secret[name] = kept  # a URL may hold a password
    return _closed(plain), _closed(secret)


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def schema() -> dict[str, Any]:
    """The JSON Schema of the values, which Helm holds every installation to."""
    whole = Values.model_json_schema(by_alias=True)
    plain, secret = settings_schemas()
    for name, part in whole["$defs"].items():
        if "settings" in part["properties"]:
            part["properties"]["settings"] = {"$ref": "#/$defs/Settings"}
        if name == Secrets.__name__:
            part["properties"]["values"] = secret
    whole["properties"]["settings"] = {"$ref": "#/$defs/Settings"}
    whole["$defs"]["Settings"] = plain
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return _plain(whole)


def _plain(node: Any) -> Any:
    """A schema without pydantic's titles, and without a default beside a reference."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {k: _plain(v) for k, v in node.items() if k != "title" or not isinstance(v, str)}
    return {"$ref": kept["$ref"]} if "$ref" in kept else kept


def values_text() -> str:
    """values.yaml: every value with its default, and what it means."""
    head = (
        "# Made by `make chart` from ops/helm/chart_values.py; do not edit. README.md lists all.\n"
    )
    return head + "\n".join(_lines(Values(), 0)) + "\n"


def _lines(part: BaseModel, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for name, field in _fields(part):
        value, alias = getattr(part, name), field.alias or name
        if text := _meaning(field, value):
            yield f"{indent}# {text}"
        if isinstance(value, BaseModel):
            yield f"{indent}{alias}:"
            yield from _lines(value, depth + 1)
        else:
            text = yaml.safe_dump({alias: value}, sort_keys=False, width=1000, allow_unicode=True)
            yield from (f"{indent}{line}" for line in text.rstrip("\n").split("\n"))


def _fields(part: BaseModel) -> list[tuple[str, FieldInfo]]:
    """A part's fields: first what is its own, then what it shares with others."""
    own = type(part).__annotations__
    return sorted(type(part).model_fields.items(), key=lambda item: item[0] not in own)


def _meaning(field: FieldInfo, value: Any) -> str:
    told = "" if not isinstance(value, BaseModel) else (type(value).__doc__ or "").rstrip(".")
    return field.description or told


def readme_text() -> str:
    """The chart's README: its head, and the table of all values."""
    head = (HERE / "README.head.md").read_text()
    rows = "\n".join(f"| `{path}` | {default} | {text} |" for path, default, text in _rows())
    return f"{head}\n| value | default | |\n|---|---|---|\n{rows}\n"


def _rows() -> Iterator[tuple[str, str, str]]:
    yield from _values_of(Values(), "")


def _values_of(part: BaseModel, path: str) -> Iterator[tuple[str, str, str]]:
    for name, field in _fields(part):
        value, here = getattr(part, name), f"{path}{field.alias or name}"
        if isinstance(value, BaseModel):
            if not isinstance(part, Access) or name != "secrets":
                yield from _values_of(value, f"{here}.")
            continue
        shown = json.dumps(value, ensure_ascii=False)
        text = (field.description or "").replace("|", "\\|")
        yield here, "" if value in ("", [], {}) else f"`{shown}`", text


def files() -> dict[Path, str]:
    """Every generated file with its text."""
    return {
        CHART / "values.yaml": values_text(),
        CHART / "values.schema.json": json.dumps(schema(), indent=1, ensure_ascii=False) + "\n",
        CHART / "README.md": readme_text(),
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text)
