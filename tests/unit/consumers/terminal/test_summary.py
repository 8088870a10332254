"""The summary at the end of a demo, and what it says of its own honesty."""

from io import StringIO

from rich.console import Console

from consumers.audit.latency import Latency
from consumers.audit.scores import Scores
from consumers.terminal.summary import Summary, honesty, table
from learning.labels import Label
from learning.model.prequential import COIN
from learning.model.resampling import Estimate
from learning.model.snapshot import Trained

TRAINED = {"t20-male": Trained(4_231, 1_000_000, "2005-02-17", "2024-03-21")}
NONE = Scores(0, None, None, None, 0, None)


def shown(summary: Summary) -> str:
    console = Console(record=True, width=100, file=StringIO())
    console.print(table(summary))
    return console.export_text()


def answer(date: str, key: str = "t20-male") -> Label:
    return Label(key, "win", 1.0, ("Reds", "Blues"), "Reds", "Cup", "Ground", date)


def test_the_summary_is_a_table_for_people() -> None:
    scores = Scores(
        70,
        Estimate(0.5, 0.42, 0.58),
        Estimate(0.54, 0.5, 0.6),
        Estimate(-0.04, -0.09, 0.02),
        68,
        Estimate(17.31, 15.0, 19.0),
    )
    late = Latency(4.0, 9.0, 21.4, 251)
    text = shown(Summary("IPL 2024", 71, 17_103, {"late: x": 2}, 1_234.5, late, scores))
    for part in ("IPL 2024", "17,103", "1,234", "p50 4 ms", "p99 21 ms", "2: late: x", "17.3"):
        assert part in text
    for part in ("0.500  [0.420, 0.580]", f"{COIN:.3f}", "-0.040  [-0.090, +0.020]", "251 balls"):
        assert part in text


def test_a_summary_without_a_decided_match_says_so() -> None:
    text = shown(Summary("mine.zip", 1, 10, {}, 5.0, None, NONE))
    assert "none was decided" in text
    assert "none was completed" in text
    assert "refused" not in text
    assert "latency" not in text


def test_what_the_models_had_learned_is_said() -> None:
    text = honesty([answer("2024-03-22"), answer("2024-05-26")], TRAINED)
    assert "had learned none of these matches" in text
    assert "t20-male of 4,231 matches to 2024-03-21" in text


def test_matches_that_the_models_may_have_learned_are_said_to_be_forecast_with_hindsight() -> None:
    text = honesty([answer("2024-03-21"), answer("2019-05-12"), answer("2024-05-26")], TRAINED)
    assert "With hindsight: 2 of these 3 answers" in text
    assert "none of these matches" not in text


def test_without_an_answer_nothing_is_claimed() -> None:
    assert "learned" not in honesty([], TRAINED)
