"""Cricsheet downloads as they lie on a disk: whole, doubled, damaged, or no matches at all."""

import json
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cricket.archive import Archived, Library, matches_in
from cricket.cricsheet import UnreadableMatchError, read_match
from cricket.facts import InningsOpening, Powerplay
from tests.support.documents import Json, delivery, document, innings, read

TEXT = json.dumps(document(innings(delivery(4)), gender="female"))


def zipped(path: Path, *ids: str, text: str = TEXT) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", "not a match")
        for match_id in ids:
            archive.writestr(f"{match_id}.json", text)
    return path


def plain(path: Path, text: str = TEXT) -> Path:
    path.write_text(text)
    return path


def damaged(path: Path, match_id: str) -> Path:
    """The zip with some bytes of one member turned around."""
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(f"{match_id}.json").header_offset + 60
    content = bytearray(path.read_bytes())
    content[start : start + 20] = bytes(byte ^ 0xFF for byte in content[start : start + 20])
    path.write_bytes(content)
    return path


def ids(*sources: Path) -> list[str]:
    return [archived.id for archived in matches_in(*sources)]


def test_a_zip_holds_matches_and_other_things(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "ipl.zip", "2", "1", "wi_201706")
    assert ids(archive) == ["1", "2", "wi_201706"]


def test_a_folder_holds_files_and_zips(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", "3", "1")
    zipped(tmp_path / "c.zip", "4")
    plain(tmp_path / "b.json")
    plain(tmp_path / "notes.txt")
    assert ids(tmp_path) == ["1", "3", "b", "4"]


def test_a_file_is_one_match(tmp_path: Path) -> None:
    path = plain(tmp_path / "1426294.json")
    assert list(matches_in(path)) == [Archived("1426294", None, str(path))]


def test_a_match_of_several_archives_is_listed_once_where_it_is_first(tmp_path: Path) -> None:
    one, two = zipped(tmp_path / "one.zip", "1", "2"), zipped(tmp_path / "two.zip", "2", "3")
    found = list(matches_in(one, two, one))
    assert [(a.id, a.archive) for a in found] == [("1", one), ("2", one), ("3", two)]


def test_a_folder_without_matches_is_empty(tmp_path: Path) -> None:
    assert ids(tmp_path) == []


@pytest.mark.parametrize("name", ["nowhere", "nowhere.zip", "nowhere.json"])
def test_a_path_that_does_not_exist_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError, match=f"{name}: no Cricsheet zip, folder or .json file"):
        ids(tmp_path / name)


def test_a_file_that_is_no_zip_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"cut\.zip: no Cricsheet zip"):
        ids(plain(tmp_path / "cut.zip", "PK"))


def test_the_same_match_is_read_from_a_zip_and_from_a_file(tmp_path: Path) -> None:
    plain(tmp_path / "1.json")
    (file,) = matches_in(tmp_path / "1.json")
    (packed,) = matches_in(zipped(tmp_path / "1.zip", "1"))
    with Library() as library:
        assert library.text(file) == library.text(packed) == TEXT.encode()
        assert library.read(file) == library.read(packed)
        assert library.read(file).fixture.gender == "female"


@pytest.mark.parametrize("text", ["", "{", "not json", "[" * 100_000])
def test_a_file_that_is_not_json_is_unreadable(tmp_path: Path, text: str) -> None:
    (place,) = matches_in(plain(tmp_path / "7.json", text))
    with Library() as library, pytest.raises(UnreadableMatchError, match="7: not JSON"):
        library.read(place)


def test_bytes_that_are_no_text_are_unreadable(tmp_path: Path) -> None:
    (tmp_path / "7.json").write_bytes(b"\xff\xfe{}\x80")
    with Library() as library, pytest.raises(UnreadableMatchError, match="7: not JSON"):
        library.read(*matches_in(tmp_path))


def test_a_damaged_member_is_unreadable_and_the_others_are_read(tmp_path: Path) -> None:
    archive = damaged(zipped(tmp_path / "a.zip", "1", "2", "3"), "2")
    one, two, three = matches_in(archive)
    with Library() as library:
        with pytest.raises(UnreadableMatchError, match="2: damaged in the zip"):
            library.read(two)
        assert [library.read(place).id for place in (one, three)] == ["1", "3"]


def test_a_zip_of_a_folder_that_is_cut_short_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", "1")
    whole = zipped(tmp_path / "b.zip", "2").read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[:-30])
    one, cut = matches_in(tmp_path)
    assert cut == Archived("b.zip", tmp_path / "b.zip", "")
    with Library() as library:
        assert library.read(one).id == "1"
        with pytest.raises(UnreadableMatchError, match=r"b\.zip: not a whole zip; download it"):
            library.read(cut)


def test_a_library_parses_as_it_is_told(tmp_path: Path) -> None:
    (place,) = matches_in(plain(tmp_path / "1.json"))
    with Library(lambda text: json.loads(text) | {"seen": len(text)}) as library:
        assert library.document(place)["seen"] == len(TEXT)


@pytest.mark.parametrize("parse", [None, msgspec.json.Decoder(float_hook=str).decode])
def test_a_number_is_read_as_it_is_printed(tmp_path: Path, parse: Any) -> None:
    """A powerplay to 5.10 ends with the tenth delivery of its over; as a number that is 5.1."""
    told = '{"type": "mandatory", "from": 0.1, "to": 5.10}'
    text = json.dumps(document({"team": "Reds", "powerplays": ["?"]}, overs=20))
    (tmp_path / "1.json").write_text(text.replace('"?"', told))
    with Library(parse) if parse else Library() as library:
        opening = library.read(*matches_in(tmp_path)).facts[0]
    assert isinstance(opening, InningsOpening)
    assert opening.powerplays == (Powerplay("mandatory", (0, 1), (5, 10)),)


@pytest.mark.parametrize("overs", ["20", "20.0"])
def test_a_whole_number_may_be_printed_with_a_point(tmp_path: Path, overs: str) -> None:
    text = json.dumps(document(overs=-1)).replace("-1", overs)
    (tmp_path / "1.json").write_text(text)
    with Library() as library:
        assert library.read(*matches_in(tmp_path)).fixture.overs == 20


def test_a_library_closes_the_zips_it_opened(tmp_path: Path) -> None:
    (place,) = matches_in(zipped(tmp_path / "a.zip", "1"))
    with Library() as library:
        library.read(place)
    with pytest.raises(ValueError, match="closed"):
        library.text(place)


# Documents that hold no match


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "1.7.3"])
def test_every_version_1_is_read(version: str) -> None:
    assert read_match("m", document(version=version)).id == "m"


@pytest.mark.parametrize("version", ["0.92", "2.0.0", "10.0", "", None, 1])
def test_other_versions_are_refused_by_their_number(version: Any) -> None:
    with pytest.raises(UnreadableMatchError, match=r"^m: data_version '.*', 1\.x is read$"):
        read_match("m", document(version=version))


@pytest.mark.parametrize("other", [None, [], "text", 7, {}, {"meta": []}, {"info": {}}])
def test_json_that_is_no_match_is_refused(other: Any) -> None:
    with pytest.raises(UnreadableMatchError, match="m: no object 'meta' at the top"):
        read_match("m", other)


@pytest.mark.parametrize("key", ["match_type", "gender", "teams", "dates", "players"])
def test_a_missing_key_is_named(key: str) -> None:
    damaged = document()
    del damaged["info"][key]
    with pytest.raises(UnreadableMatchError, match=f"m: not a Cricsheet match .*{key}"):
        read_match("m", damaged)


@pytest.mark.parametrize(
    "info",
    [
        {"dates": []},
        {"teams": ["Reds"]},
        {"teams": ["Reds", "Blues", "Greens"]},
        {"players": ["A Batter"]},
        {"registry": []},
        {"outcome": "Reds"},
    ],
)
def test_what_is_said_wrongly_is_refused_and_not_a_crash(info: Json) -> None:
    with pytest.raises(UnreadableMatchError, match="m: not a Cricsheet match"):
        read(**info)


@pytest.mark.parametrize(
    "told",
    [
        innings({"batter": "A Batter"}),
        innings("no ball"),  # type: ignore[arg-type]
        {"overs": []},
        innings(team="Reds", target={"overs": "five"}),
        "innings",
    ],
)
def test_a_broken_innings_is_refused_and_not_a_crash(told: Json) -> None:
    with pytest.raises(UnreadableMatchError, match="m: not a Cricsheet match"):
        read(told)
