"""Where a chase stands by Duckworth-Lewis, in words and on every prediction of an open chase."""

import msgspec
import pytest

from consumers.par_words import par_words
from streams.messages.predictions import DuckworthLewis
from tests.support.matches import forecasts, log_of, messages, run, short_match

FORECASTS = forecasts(run(log_of(messages(short_match("m", "14.6wW2.43" * 4, "1146..2" * 3)))))
CHASE = next(p for p in FORECASTS if p.card.innings == 1)


@pytest.mark.parametrize(
    ("runs", "standing", "words"),
    [
        (60, DuckworthLewis(52, {}), ("8 ahead of par 52", "")),
        (40, DuckworthLewis(52, {1: 97}), ("12 behind par 52", "target 97 if 1 over is lost now")),
        (
            52,
            DuckworthLewis(52, {5: 80, 2: 91}),
            ("level with par 52", "target 91 if 2 overs are lost now, 80 if 5"),
        ),
        (
            52,
            DuckworthLewis(52, {11: 80}),
            ("level with par 52", "target 80 if 11 overs are lost now"),
        ),
    ],
)
def test_par_and_targets_in_words(
    runs: int, standing: DuckworthLewis, words: tuple[str, str]
) -> None:
    card = msgspec.structs.replace(CHASE.card, runs=runs)
    assert par_words(msgspec.structs.replace(CHASE, card=card, duckworth_lewis=standing)) == words


def test_every_prediction_of_an_open_chase_has_a_par_and_no_other() -> None:
    for forecast in FORECASTS:
        is_open = forecast.card.innings == 1 and not forecast.innings_over
        assert (par_words(forecast) is not None) == is_open
        assert (forecast.duckworth_lewis is not None) == is_open


def test_the_edition_is_named() -> None:
    assert CHASE.duckworth_lewis is not None
    assert CHASE.duckworth_lewis.edition == "Standard Edition"
