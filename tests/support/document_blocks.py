"""The code blocks of the project's documents, and the comment before each that says what it is.

    <!-- run -->                     its lines are commands, which a test runs as they stand
    <!-- needs: the internet … -->   its commands need the internet, or a cluster
    <!-- edit FILE: new -->          the text of a new file
    <!-- edit FILE: replace LINE --> what stands in the place of a line, or `before` or `after` it
    <!-- figure -->                  a picture in letters

A comment stands on the line before the block, or before the empty line before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "examples/*.md", "producers/**/*.md")
MARK = re.compile(r"<!-- (run|figure|needs: (?:the internet|a cluster).*|edit \S+: .+) -->")
INDENT = "    "


@dataclass(frozen=True)
class Block:
    """A code block: its page, its first line there, its mark ("" if it has none), its text."""

    page: str
    line: int
    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """Every page that is held to what it says."""
    return sorted(page for pattern in PAGES for page in ROOT.glob(pattern))


def blocks(page: Path) -> Iterator[Block]:
    """The code blocks of a page, indented or fenced, in order."""
    lines = page.read_text().splitlines()
    at = 0
    while at < len(lines):
        end = _end(lines, at)
        if end > at:
            fenced = lines[at].startswith("```")
            body = lines[at + 1 : end - 1] if fenced else [x[len(INDENT) :] for x in lines[at:end]]
            text = "\n".join(body).rstrip() + "\n"
            yield Block(str(page.relative_to(ROOT)), at + 1, _mark(lines, at), text)
        at = max(end, at + 1)


def _end(lines: list[str], at: int) -> int:
    """Where the block that begins at a line ends; the line itself if none begins there."""
    if lines[at].startswith("```"):
        return next(n for n in range(at + 1, len(lines)) if lines[n].startswith("```")) + 1
    if not lines[at].startswith(INDENT) or (at and _continues(lines[at - 1])):
        return at
    end = at
    for n in range(at, len(lines)):
        if lines[n].startswith(INDENT):
            end = n + 1
        elif lines[n].strip():
            break
    return end


def _continues(before: str) -> bool:
    """Whether an indented line after this one belongs to its paragraph, as in a list."""
    return bool(before.strip()) and not before.startswith("#") and not MARK.fullmatch(before)


def _mark(lines: list[str], at: int) -> str:
    before = at - 1 if at and lines[at - 1].strip() else at - 2
    mark = MARK.fullmatch(lines[before]) if before >= 0 else None
    return mark[1] if mark else ""


def apply(edit: Block, folder: Path) -> None:
    """Carry out an edit below a folder; the line that it names is there once."""
    name, _, how = edit.mark.removeprefix("edit ").partition(": ")
    file = folder / name
    if how == "new":
        assert not file.exists(), f"{edit}: {name} is there already"
        file.write_text(edit.text)
        return
    what, _, wanted = how.partition(" ")
    lines = file.read_text().splitlines()
    places = [n for n, line in enumerate(lines) if line.strip() == wanted]
    assert len(places) == 1, f"{edit}: {name} has {len(places)} lines {wanted!r}"
    first, last = {"replace": (0, 1), "before": (0, 0), "after": (1, 1)}[what]
    lines[places[0] + first : places[0] + last] = edit.text.splitlines()
    file.write_text("\n".join(lines) + "\n")
