"""`overcast verify`: a verdict a match, figures for programs, an exit code, nothing held."""

import json
import tracemalloc
import zipfile
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cricket.archive import Library, matches_in
from cricket.verdicts import Verdict, verdict_on, verdicts
from overcast import cli
from tests.unit.cricket.test_reconcile import BY_ONE, FIVE, SIX, match, runs

GOOD = json.dumps(match(SIX, FIVE, **BY_ONE))
TIED = json.dumps(match(SIX, runs(*[1] * 6, team="Blues"), result="tie", bowl_out="Reds"))
WRONG = json.dumps(match(SIX, FIVE, winner="Blues", by={"wickets": 10}))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with a whole zip, one that is cut short, and plain files."""
    folder = tmp_path / "archive"
    folder.mkdir()
    with zipfile.ZipFile(folder / "a.zip", "w") as file:
        file.writestr("1.json", GOOD)
        file.writestr("2.json", TIED)
    whole = (folder / "a.zip").read_bytes()
    (folder / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (folder / "3.json").write_text(WRONG)
    (folder / "4.json").write_text('{"meta": {"data_version": "9"}}')
    return folder


def verify(*arguments: Any) -> Result:
    result = CliRunner().invoke(cli.app, ["verify", *map(str, arguments)], env={"COLUMNS": "300"})
    assert result.exception is None or isinstance(result.exception, SystemExit | ValueError)
    return result


def test_every_match_has_a_verdict_and_every_other_than_good_a_reason(
    archive: Path, tmp_path: Path
) -> None:
    written = tmp_path / "figures" / "verify.json"
    result = verify(archive, "--json", written)
    figures = json.loads(written.read_text())
    counts = [figures[k] for k in ("matches", "balls", "reconciled", "explained", "failed")]
    assert counts == [5, 36, 1, 1, 3]
    assert set(figures) == {
        *("matches", "balls", "reconciled", "explained", "failed", "balls_per_second"),
        "unreconciled",
    }
    told = {one["match"]: one for one in figures["unreconciled"]}
    assert {i: one["verdict"] for i, one in told.items()} == {
        "2": "explained",
        "3": "failed",
        "4": "failed",
        "cut.zip": "failed",
    }
    assert all(one["reason"] for one in told.values())
    assert result.exit_code == 1
    for one in told.values():
        assert one["reason"] in result.output


def test_matches_that_are_reconciled_or_explained_are_no_failure(archive: Path) -> None:
    result = verify(archive / "a.zip")
    assert result.exit_code == 0
    assert "2 matches, 24 balls: 1 reconciled, 1 explained, 0 failed" in result.output


def test_several_paths_are_verified_together(archive: Path) -> None:
    assert "3 matches" in verify(archive / "a.zip", archive / "3.json").output


def test_a_folder_without_matches_is_an_error(tmp_path: Path) -> None:
    result = verify(tmp_path)
    assert isinstance(result.exception, ValueError)
    assert str(result.exception).startswith(f"{tmp_path}: no Cricsheet match is there. Name zips")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: m["innings"][0]["overs"][0]["deliveries"][0]["runs"].pop("total"),
        lambda m: m["innings"][0]["overs"][0]["deliveries"][0]["runs"].update(batter="one"),
        lambda m: m["innings"][0].update(miscounted_overs=["0"]),
        lambda m: m["innings"][0].update(penalty_runs={"pre": "5"}),
        lambda m: m["innings"][0].update(powerplays=[{"from": "x", "to": 1.6, "type": "p"}]),
        lambda m: m["innings"][1].update(team="Greens"),
        lambda m: m["innings"][1].update(target=7),
        lambda m: m["info"].update(overs="one"),
        lambda m: m["info"].update(outcome={"winner": "Reds", "by": 3}),
        lambda m: m["info"].update(balls_per_over=0),
    ],
)
def test_a_file_of_another_shape_fails_with_a_reason_and_never_crashes(
    tmp_path: Path, spoil: Any
) -> None:
    document = json.loads(GOOD)
    spoil(document)
    (tmp_path / "m.json").write_text(json.dumps(document))
    (archived,) = matches_in(tmp_path)
    with Library() as library:
        verdict = verdict_on(library, archived)
    assert verdict.verdict == "failed"
    assert verdict.reason


def test_verdicts_are_given_as_the_archive_is_read(archive: Path) -> None:
    with Library() as library:
        told = verdicts(library, matches_in(archive / "a.zip"))
        assert next(told) == Verdict("1", 12, "reconciled")


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    """Each file is some 50 kB; after the first few, hundreds more cost next to nothing."""
    heavy = json.loads(GOOD)
    heavy["info"]["officials"] = {"umpires": ["x" * 50_000]}
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(300):
            file.writestr(f"{number}.json", json.dumps(heavy))
    with Library() as library:
        told = verdicts(library, matches_in(tmp_path))
        list(islice(told, 20))
        tracemalloc.start()
        assert sum(verdict.verdict == "reconciled" for verdict in told) == 280
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 1_000_000


def test_the_figures_of_an_earlier_run_survive_a_folder_without_matches(tmp_path: Path) -> None:
    figures, nothing = tmp_path / "figures.json", tmp_path / "nothing"
    figures.write_text("the last ones")
    nothing.mkdir()
    assert verify(nothing, "--json", figures).exit_code == 1
    assert figures.read_text() == "the last ones"
