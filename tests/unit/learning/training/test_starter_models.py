"""Training the starter: it leaves out what it must, and never puts a lesser model in place."""

import gzip
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from learning.careers import decode
from learning.keys import KEYS
from learning.training.starter_models import Withheld, train_starter
from tests.support.documents import PEOPLE, delivery, document, innings

FORMATS = {"t20": ("T20", 20), "odi": ("ODI", 50)}


def archive(
    folder: Path, *keys: str, days: tuple[int, ...] = (1, 2), undecided: int | None = None
) -> Path:
    """A Cricsheet zip with a match of each key a day; on one of the days there was no result."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "some_json.zip", "w") as packed:
        for key in keys:
            name, _, gender = key.partition("-")
            match_type, overs = FORMATS[name]
            for day in days:
                decided = {"outcome": {"result": "no result"}} if day == undecided else {}
                told = document(
                    innings(*[delivery(1)] * 6),
                    match_type=match_type,
                    overs=overs,
                    gender=gender,
                    dates=[f"2024-05-{day:02}"],
                    **decided,
                )
                packed.writestr(f"{key}-{day}.json", json.dumps(told))
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def learned(folder: Path) -> dict[str, Any]:
    models: dict[str, Any] = json.loads((folder / "manifest.json").read_text())["models"]
    return {key: model["trained"] for key, model in models.items()}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Archives, and the models that were trained on them."""
    folder = tmp_path_factory.mktemp("trained")
    train_starter(archive(folder / "archives", *KEYS), Withheld(), folder / "starter")
    return folder


@pytest.fixture
def shipped(trained: Path, tmp_path: Path) -> Path:
    """A folder with trained models, as learning/starter is one, and their archives beside it."""
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    return tmp_path / "starter"


def test_training_writes_every_model_and_what_it_was_made_from(shipped: Path) -> None:
    models = [f"{key}.json.gz" for key in KEYS]
    assert sorted(content(shipped)) == sorted([*models, "careers.json.gz", "manifest.json"])
    assert {key: trained["last"] for key, trained in learned(shipped).items()} == dict.fromkeys(
        KEYS, "2024-05-02"
    )
    assert [path.name for path in shipped.parent.iterdir() if path != shipped] == ["archives"]


@pytest.mark.parametrize("name", ["", "empty", "nowhere", "notes.txt"])
def test_a_place_without_archives_is_refused_and_nothing_is_touched(
    shipped: Path, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    before = content(shipped)
    with pytest.raises(ValueError, match="no Cricsheet zip, and no folder that holds one"):
        train_starter(Path(name), Withheld(), shipped, force=True)
    assert content(shipped) == before


def test_archives_without_a_match_of_some_key_are_refused_even_by_force(
    shipped: Path, tmp_path: Path
) -> None:
    before, only = content(shipped), archive(tmp_path / "only", *KEYS[:-1])
    with pytest.raises(ValueError, match=r"^no match of odi-female in some_json.zip$"):
        train_starter(only, Withheld(), shipped, force=True)
    assert content(shipped) == before
    assert not (tmp_path / "starter.new").exists()


def test_a_model_that_has_learned_more_is_replaced_by_force_only(
    shipped: Path, tmp_path: Path
) -> None:
    before, fewer = content(shipped), archive(tmp_path / "fewer", *KEYS, days=(3,))
    with pytest.raises(ValueError, match=r"has learned 2 matches, and these archives have 1 .*"):
        train_starter(fewer, Withheld(), shipped)
    assert content(shipped) == before
    train_starter(fewer, Withheld(), shipped, force=True)
    assert {trained["matches"] for trained in learned(shipped).values()} == {1}


def test_matches_that_teach_too_little_leave_the_new_models_beside_the_old(
    shipped: Path, tmp_path: Path
) -> None:
    """The archives have enough matches, and one of them was abandoned: nothing to learn from."""
    before, abandoned = content(shipped), archive(tmp_path / "abandoned", *KEYS, undecided=2)
    with pytest.raises(ValueError, match=r"The new is in .*starter\.new\.$"):
        train_starter(abandoned, Withheld(), shipped)
    assert content(shipped) == before
    assert content(tmp_path / "starter.new").keys() == before.keys()


def test_a_damaged_model_is_replaced_and_the_same_archives_give_the_same_bytes(
    shipped: Path, tmp_path: Path
) -> None:
    before = content(shipped)
    (shipped / "t20-male.json.gz").write_bytes(b"not even gzip")
    train_starter(tmp_path / "archives", Withheld(), shipped)
    assert content(shipped) == before


def test_what_is_withheld_is_not_learned_neither_by_its_id_nor_from_its_day_on(
    tmp_path: Path,
) -> None:
    archives, to = archive(tmp_path / "archives", *KEYS, days=(1, 2, 3)), tmp_path / "starter"
    withheld = Withheld(frozenset({"t20-male-1"}), {"t20-male": "2024-05-03"})
    train_starter(archives, withheld, to)
    dates = {"matches": 3, "balls": 0, "first": "2024-05-01", "last": "2024-05-03"}
    of_one = {"matches": 1, "balls": 0, "first": "2024-05-02", "last": "2024-05-02"}
    assert learned(to) == dict.fromkeys(KEYS, dates) | {"t20-male": of_one}
    manifest = json.loads((to / "manifest.json").read_text())
    assert manifest["excluded"] == ["t20-male-1"]
    assert manifest["excluded_since"] == {"t20-male": "2024-05-03"}
    careers = decode(gzip.decompress((to / "careers.json.gz").read_bytes()))
    figures = careers.before("t20-male", PEOPLE["A Batter"], "2025-01-01")
    assert figures is not None
    assert (figures.matches, figures.runs) == (3, 18)  # careers are facts: of all matches
