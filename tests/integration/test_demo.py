"""The whole demo, as a user runs it: what it plays, what it says, what it ends with."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HUNG = 900.0  # seconds; some 60 on two free cores


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Everything that a demo prints into a file, outside the project and without archives."""
    folder: Path = tmp_path_factory.mktemp("demo")
    root = Path(__file__).parents[2]
    made = subprocess.run(
        [sys.executable, "-m", "overcast", "demo"],
        cwd=folder,
        env=os.environ | {"TMPDIR": str(folder), "PYTHONPATH": str(root), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=HUNG,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout


def figure(said: str, row: str) -> list[float]:
    """The numbers of a row of the summary."""
    (line,) = [line for line in said.splitlines() if line.startswith(f"│ {row}")]
    numbers = re.findall(r"[-+]?\d[\d,]*(?:\.\d+)?", line.split("│")[2])
    return [float(number.replace(",", "")) for number in numbers]


@pytest.mark.timeout(HUNG)
def test_the_demo_shows_a_match_and_plays_a_season_to_its_last_ball(said: str) -> None:
    lines = said.splitlines()
    assert any(line.startswith("IND 160/6 (20.0)") and "100 %" in line for line in lines)
    assert "IPL 2024: 17,103 of 17,103 balls" in said
    assert figure(said, "matches") == [71]
    assert figure(said, "balls forecast") == [17_103]
    assert "refused" not in said
    assert lines[-1] == "Stopped; nothing is left running."


@pytest.mark.timeout(HUNG)
def test_the_demo_convinces(said: str) -> None:
    ours, low, high = figure(said, "log loss, 70 decided matches")
    (coin,) = figure(said, "    of a coin")
    run_rate, *_ = figure(said, "    of the run rate alone")
    assert low < ours < high < coin
    assert ours < run_rate
    assert figure(said, "balls a second")[0] > 0
    assert figure(said, "latency, 250 balls at a steady pace")[1] > 0
    assert "had learned none of these matches" in " ".join(said.split())


@pytest.mark.timeout(HUNG)
def test_the_demo_says_what_it_waits_for(said: str) -> None:
    waits = [line for line in said.splitlines() if "aiting for" in line]
    for what in ("Kafka to answer", "Redis to answer", "the worker to load its models"):
        assert any(what in line for line in waits)
    assert any(line.startswith("IPL 2024: waiting for ") for line in waits)
