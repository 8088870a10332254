"""The contract's files: generated from the code, compared with the last release."""

import json
from pathlib import Path
from typing import Any

from overcast.contract.asyncapi import asyncapi
from overcast.contract.compatible import breaks
from overcast.contract.examples import examples
from overcast.contract.page import page
from overcast.contract.roles_table import with_roles
from overcast.contract.settings_page import settings_page
from streams.contract import MESSAGES
from streams.settings import Settings

SECURITY = "security.md"


def generated(docs: Path) -> dict[str, str]:
    """Return each file's text by its path below `docs`; the examples must exist already."""
    settings, folder = Settings.model_construct(), docs / "schemas/examples"
    samples = {m.name: json.loads((folder / f"{m.name}.json").read_text()) for m in MESSAGES}
    schemas = {f"schemas/{m.file}": _json(m.schema) for m in MESSAGES}
    document = _json(asyncapi(settings, samples))
    return {
        **schemas,
        "asyncapi.json": document,
        "topics.md": page(settings),
        "settings.md": settings_page(),
        **_by_hand(docs),
    }


def _by_hand(docs: Path) -> dict[str, str]:
    """Return the pages of which only a part is generated, if they are there."""
    page = docs / SECURITY
    return {SECURITY: with_roles(page.read_text())} if page.exists() else {}


def write(docs: Path) -> list[str]:
    """Write the files and return those that changed; remove schemas of former versions."""
    files, changed = generated(docs), []
    names = {message.name for message in MESSAGES}
    for old in (docs / "schemas").glob("*.json"):
        ours = old.name.partition(".")[0] in names
        if ours and f"schemas/{old.name}" not in files:
            old.unlink()
            changed.append(f"schemas/{old.name} (removed)")
    for name, text in files.items():
        path = docs / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            changed.append(name)
    return changed


def write_examples(docs: Path) -> None:
    """Write the examples again, for after a change of messages; the starter models answer them."""
    for name, message in examples().items():
        (docs / f"schemas/examples/{name}.json").write_text(_json(message))


def broken(docs: Path) -> list[str]:
    """Return what breaks readers of the last release, for versions that are still written."""
    breaking, current = [], {message.file: message.schema for message in MESSAGES}
    names = {message.name for message in MESSAGES}
    for path in sorted((docs / "schemas/released").glob("*.json")):
        if path.name in current:
            old = json.loads(path.read_text())
            breaking += [f"{path.name}: {each}" for each in breaks(old, current[path.name])]
        elif path.name.partition(".")[0] not in names:
            breaking.append(f"{path.name}: no version of this message is left")
    return breaking


def release(docs: Path) -> None:
    """Release the current schemas: the next are compared with them; older versions stay."""
    folder = docs / "schemas/released"
    folder.mkdir(exist_ok=True)
    for message in MESSAGES:
        (folder / message.file).write_text(_json(message.schema))


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
