"""Tokens with roles, of which a file holds only the hashes."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.dashboard.sign_in.people import Person
from consumers.dashboard.sign_in.tokens import TokenFileError, Tokens, add, hash_of, read

HASH = hash_of("x")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder/tokens"


def test_a_token_that_was_made_opens_as_whom_it_was_made_for(file: Path) -> None:
    asha, ben = add(file, "asha", "operator"), add(file, "ben", "viewer")
    tokens = Tokens(file, "")
    assert tokens.person_of(asha) == Person("asha", "operator")
    assert tokens.person_of(ben) == Person("ben", "viewer")
    for wrong in ("", asha[:-1], f"{asha} ", HASH, read(file)[0].hash):
        assert tokens.person_of(wrong) is None


def test_the_file_holds_no_token_and_only_its_owner_may_change_it(file: Path) -> None:
    made = [add(file, name, "viewer") for name in ("a", "b", "c")]
    text = file.read_text()
    assert len(set(made)) == 3
    assert all(len(token) == 43 and token not in text for token in made)  # 256 bits, written by 6
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_name_has_one_token(file: Path) -> None:
    add(file, "asha", "viewer")
    before = file.read_text()
    with pytest.raises(ValueError, match="asha has a token in"):
        add(file, "asha", "operator")
    assert file.read_text() == before


@pytest.mark.parametrize("name", ["", "a b", "#a", "a\nb", "a/b", "é", "-a", "a" * 65, "viewer"])
def test_a_name_that_would_be_misread_is_refused(file: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"a name is of|is the name of"):
        add(file, name, "viewer")
    assert not file.exists()


def test_a_line_is_appended_to_what_an_editor_left(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(f"# the office\n\nboard  viewer\t{HASH}  # on the wall")
    asha = add(file, "asha", "operator")
    tokens = Tokens(file, "")
    assert tokens.person_of("x") == Person("board", "viewer")
    assert tokens.person_of(asha) == Person("asha", "operator")


@pytest.mark.parametrize(
    "line",
    [
        "asha",
        "asha operator",
        f"asha admin {HASH}",
        f"asha Operator {HASH}",
        f"asha operator {HASH} more",
        f"operator {HASH}",
        "asha operator secret",
        f"asha operator {HASH[:-1]}",
        f"asha operator {HASH.upper()}",
        f"asha operator sha1:{'0' * 64}",
        f"a/b operator {HASH}",
    ],
)
def test_a_line_that_is_none_is_named_and_not_repeated(file: Path, line: str) -> None:
    file.parent.mkdir()
    file.write_text(f"ben viewer {HASH}\n{line}\n")
    with pytest.raises(TokenFileError, match="line 2") as refused:
        read(file)
    assert "secret" not in str(refused.value)
    assert Tokens(file, "").person_of("x") is None  # nor does a part of the file let anybody in


def test_a_name_that_stands_twice_and_a_file_that_is_no_text_are_refused(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(f"ben viewer {HASH}\nben operator {hash_of('y')}\n")
    with pytest.raises(TokenFileError, match="names ben twice"):
        read(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(TokenFileError, match="not text in UTF-8"):
        read(file)


def test_what_is_changed_in_the_file_holds_with_the_next_request(file: Path) -> None:
    tokens = Tokens(file, "")
    assert tokens.exist
    assert tokens.entries() == []  # it is not there yet
    asha = add(file, "asha", "operator")
    person = tokens.person_of(asha)
    assert person == Person("asha", "operator")
    assert tokens.holds(hash_of(asha), person)
    file.write_text(file.read_text().replace("operator", "viewer"))
    assert not tokens.holds(hash_of(asha), person)
    assert tokens.person_of(asha) == Person("asha", "viewer")
    file.unlink()
    assert tokens.person_of(asha) is None


def test_the_one_token_of_the_settings_is_a_viewer_s() -> None:
    tokens = Tokens(None, "open sesame")
    assert tokens.person_of("open sesame") == Person("viewer", "viewer")
    assert tokens.person_of("open sesame ") is None
    assert not Tokens(None, "").exist


@given(st.text(), st.text())
def test_only_the_same_token_opens(one: str, other: str) -> None:
    assert (Tokens(None, one).person_of(other) is not None) == (bool(one) and one == other)
