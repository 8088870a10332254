"""The contract's files: made from the code, compared with the last release."""

import json
from pathlib import Path
from typing import Any

from overcast.contract.asyncapi import asyncapi
from overcast.contract.compatible import breaks
from overcast.contract.examples import examples
from overcast.contract.page import page
from streams.contract import MESSAGES
from streams.settings import Settings

DOCS = Path("docs")


def made(docs: Path) -> dict[str, str]:
    """Each file's text by its path below `docs`; the examples must be there."""
    settings, folder = Settings.model_construct(), docs / "schemas/examples"
    told = {m.name: json.loads((folder / f"{m.name}.json").read_text()) for m in MESSAGES}
    schemas = {f"schemas/{m.file}": _json(m.schema) for m in MESSAGES}
    document = _json(asyncapi(settings, told))
    return {**schemas, "asyncapi.json": document, "topics.md": page(settings)}


def write(docs: Path) -> list[str]:
    """Writes the files and returns those that changed; schemas of former versions go."""
    files, changed = made(docs), []
    for gone in (docs / "schemas").glob("*.json"):
        if f"schemas/{gone.name}" not in files:
            gone.unlink()
            changed.append(f"schemas/{gone.name} (gone)")
    for name, text in files.items():
        path = docs / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            changed.append(name)
    return changed


def write_examples(docs: Path) -> None:
    """Makes the examples again, which the shipped models answer: after a change of the messages."""
    for name, message in examples().items():
        (docs / f"schemas/examples/{name}.json").write_text(_json(message))


def broken(docs: Path) -> list[str]:
    """What breaks readers of the last release: of each message version that is still made."""
    found, current = [], {message.file: message.schema for message in MESSAGES}
    names = {message.name for message in MESSAGES}
    for path in sorted((docs / "schemas/released").glob("*.json")):
        if path.name in current:
            old = json.loads(path.read_text())
            found += [f"{path.name}: {each}" for each in breaks(old, current[path.name])]
        elif path.name.partition(".")[0] not in names:
            found.append(f"{path.name}: no version of this message is left")
    return found


def release(docs: Path) -> None:
    """The schemas of now are what the next ones are compared with; older versions stay."""
    folder = docs / "schemas/released"
    folder.mkdir(exist_ok=True)
    for message in MESSAGES:
        (folder / message.file).write_text(_json(message.schema))


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
