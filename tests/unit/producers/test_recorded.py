"""Recorded matches: the dozen that ship, and the shelves they and others are read from."""

import gzip
import json
import sys
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from cricket.archive import Library
from cricket.cricsheet import UnreadableMatchError
from cricket.facts import Ball
from producers import ship as ship_command
from producers.recorded import (
    SHIPPED_SUFFIX,
    ArchiveShelf,
    Listed,
    ShippedShelf,
    ship,
    shipped_lines,
    shipped_match,
)
from producers.ship import FAMOUS
from producers.simulator import Team, simulate
from streams.messages.events import MatchStarted, decode
from tests.support.documents import delivery, document, innings

FOLDER = resources.files("producers") / "matches"
PACKED = {"indent": None, "separators": (",", ":")}
PRETTY = {"indent": 2}


def test_the_shipped_matches_are_exactly_the_famous_ones() -> None:
    listed = ShippedShelf().listed()
    assert len(listed) == 12
    assert {match.id for match in listed} == set(FAMOUS)
    files = {file.name for file in FOLDER.iterdir() if file.name.endswith(".gz")}
    assert files == {f"{match_id}{SHIPPED_SUFFIX}" for match_id in FAMOUS}


def test_the_shipped_matches_are_listed_by_date() -> None:
    dates = [match.date for match in ShippedShelf().listed()]
    assert dates == sorted(dates)
    assert (dates[0], dates[-1]) == ("2006-03-12", "2024-06-29")


def test_a_shipped_match_is_listed_as_it_is_read() -> None:
    shelf = ShippedShelf()
    for listed in shelf.listed():
        match = shelf.read(listed)
        balls = sum(isinstance(fact, Ball) for fact in match.facts)
        assert (match.id, match.fixture.date, balls) == (listed.id, listed.date, listed.balls)
        assert listed.place is None


def test_a_match_that_does_not_ship_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        shipped_match("no-such-match")


@pytest.mark.parametrize("match_id", FAMOUS)
def test_a_shipped_match_shipped_again_is_the_same(match_id: str, tmp_path: Path) -> None:
    path = ship(shipped_match(match_id), tmp_path)
    assert path.name == f"{match_id}{SHIPPED_SUFFIX}"
    assert gzip.decompress(path.read_bytes()).splitlines() == shipped_lines(match_id)


def test_shipping_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    match = simulate("made-up", (Team("Reds"), Team("Blues")), seed=3)
    once = ship(match, tmp_path).read_bytes()
    assert ship(match, tmp_path).read_bytes() == once
    assert once[4:8] == bytes(4)  # no time of day in the gzip header


def test_what_was_shipped_is_the_match_again(tmp_path: Path) -> None:
    match = simulate("made-up", (Team("Reds"), Team("Blues")), seed=3, match_type="ODI")
    lines = gzip.decompress(ship(match, tmp_path).read_bytes()).splitlines()
    first, *rest = (decode(line) for line in lines)
    assert isinstance(first, MatchStarted)
    assert first.fixture == match.fixture
    assert tuple(e.fact for e in rest if not isinstance(e, MatchStarted)) == match.facts


def test_the_attribution_names_cricsheet_and_every_shipped_match() -> None:
    text = (FOLDER / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "**Cricsheet** (cricsheet.org)" in text
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    assert sorted(rows[1:]) == sorted(FAMOUS)


# The user's own archives


def archived(folder: Path, match_id: str, date: str, balls: int, **style: Any) -> Path:
    """A Cricsheet file of so many balls."""
    told = document(innings(*[delivery(1)] * balls), dates=[date])
    path = folder / f"{match_id}.json"
    path.write_text(json.dumps(told, **(style or PACKED)))
    return path


@pytest.mark.parametrize("style", [PACKED, PRETTY])
def test_an_archive_lists_dates_and_balls_as_the_read_matches_have_them(
    tmp_path: Path, style: dict[str, Any]
) -> None:
    archived(tmp_path, "1", "2024-05-07", 7, **style)
    archived(tmp_path, "2", "2006-03-12", 0, **style)
    archived(tmp_path, "3", "2019-07-14", 13, **style)
    with Library() as library:
        shelf = ArchiveShelf(library, tmp_path)
        assert [(m.id, m.date, m.balls) for m in shelf.listed()] == [
            ("2", "2006-03-12", 0),
            ("3", "2019-07-14", 13),
            ("1", "2024-05-07", 7),
        ]
        for listed in shelf.listed():
            match = shelf.read(listed)
            balls = sum(isinstance(fact, Ball) for fact in match.facts)
            assert (match.fixture.date, balls) == (listed.date, listed.balls)


def test_a_file_without_a_date_is_listed_and_refused_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text('{"meta": {"data_version": "1.1.0"}}')
    with Library() as library:
        shelf = ArchiveShelf(library, tmp_path)
        (listed,) = shelf.listed()
        assert (listed.date, listed.balls) == ("", 0)
        with pytest.raises(UnreadableMatchError):
            shelf.read(listed)


def test_a_damaged_member_does_not_keep_the_others_from_being_listed(tmp_path: Path) -> None:
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for match_id in ("1", "2"):
            archive.write(archived(tmp_path, match_id, "2024-05-07", 6), f"{match_id}.json")
    content = bytearray(path.read_bytes())
    content[60:80] = bytes(byte ^ 0xFF for byte in content[60:80])
    path.write_bytes(content)
    with Library() as library:
        shelf = ArchiveShelf(library, path)
        broken, whole = shelf.listed()
        assert (broken.id, broken.date, whole.id, whole.balls) == ("1", "", "2", 6)
        assert shelf.read(whole).id == "2"
        with pytest.raises(UnreadableMatchError, match="1: damaged"):
            shelf.read(broken)


def test_a_match_from_elsewhere_is_not_in_an_archive(tmp_path: Path) -> None:
    with Library() as library, pytest.raises(FileNotFoundError, match="9: not in an archive"):
        ArchiveShelf(library, tmp_path).read(Listed("9", "2024-05-07", 0, None))


def test_the_command_ships_the_famous_matches_of_an_archive_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archives, to = tmp_path / "archives", tmp_path / "to"
    archives.mkdir()
    to.mkdir()
    archived(archives, "1426294", "2024-05-07", 6)
    archived(archives, "7", "2024-05-07", 6)
    monkeypatch.setattr(sys, "argv", ["ship", str(archives), "--to", str(to)])
    ship_command.main()
    assert [path.name for path in to.iterdir()] == ["1426294.jsonl.gz"]
    assert FAMOUS["1426294"] in capsys.readouterr().out
