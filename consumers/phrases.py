"""Predictions in words and short forms, for the terminal, logs and the live page."""

from datetime import UTC, datetime

from consumers.chase_words import chase_words
from consumers.printing import printable
from consumers.side_names import short_pair
from streams.messages.predictions import (
    Gap,
    MatchResult,
    Prediction,
    PredictionMessage,
    Waiting,
    Withdrawal,
)

SPARKS = "▁▂▃▄▅▆▇█"
SIDES = {"male": "Men's", "female": "Women's"}


def rate(runs_an_over: float) -> str:
    """Return a rate as scoreboards print it: cut, not rounded, to two places.

    >>> rate(12 / 11 * 6)
    '6.54'
    """
    return f"{int(runs_an_over * 100 + 1e-9) / 100:.2f}"


def per_cent(chance: float) -> str:
    """Return a probability for people: never 0 % or 100 % while the match is open.

    >>> per_cent(0.4596), per_cent(0.9999), per_cent(1.0)
    ('46.0 %', '99.9 %', '100 %')
    """
    if chance in {0.0, 1.0}:
        return f"{chance * 100:.0f} %"
    return f"{min(max(chance * 100, 0.1), 99.9):.1f} %"


def kind_of(model_key: str) -> str:
    """Return the kind of cricket that a model forecasts, as people say it.

    >>> kind_of("t20-male"), kind_of("odi-female")
    ("Men's T20", "Women's ODI")
    """
    format_name, _, gender = model_key.partition("-")
    return f"{SIDES.get(gender, gender)} {format_name.upper()}".strip()


def side(prediction: Prediction, team: str) -> str:
    """Return the short name of one of the two sides of a match."""
    first, second = short_pair(prediction.teams)
    return first if team == prediction.teams[0] else second


def score(prediction: Prediction) -> str:
    """Return the batting side's score, such as "DC 12/0 (1.5)"."""
    card = prediction.card
    wickets = "" if card.wickets == 10 else f"/{card.wickets}"
    return f"{side(prediction, card.batting)} {card.runs}{wickets} ({card.overs})"


def chances(prediction: Prediction) -> dict[str, float]:
    """Return each team's chance of winning by its full name; a tie counts half for each."""
    card, win = prediction.card, prediction.win
    half = win.tie / 2
    return {card.batting: win.batting + half, card.bowling: win.bowling + half}


def spark(values: list[float], width: int) -> str:
    """Return a chart of blocks for values from 0 to 1, thinned to `width`; the newest is last."""
    count = min(width, len(values))
    chosen = [values[(i + 1) * len(values) // count - 1] for i in range(count)]
    return "".join(SPARKS[min(int(v * len(SPARKS)), len(SPARKS) - 1)] for v in chosen)


def points(win_added: float) -> str:
    """Return win probability added in percentage points; never "-0.0".

    >>> points(-0.0004), points(0.1365)
    ('+0.0', '+13.7')
    """
    return f"{round(win_added * 100, 1) + 0.0:+.1f}"


def line(prediction: Prediction) -> str:
    """Return the prediction after a ball as one line, for logs and pipes."""
    card = prediction.card
    gained = points(prediction.win_added)
    chance = chances(prediction)[card.batting]
    return (
        f"{score(prediction):<18} {printable(prediction.ball):<60} "
        f"{side(prediction, card.batting)} {per_cent(chance):>7} ({gained}) "
        f"{_projection(prediction)}"
    )


def _projection(prediction: Prediction) -> str:
    chase, total = chase_words(prediction), prediction.total
    if chase is not None:
        likely, otherwise = chase
        return f"{likely} ({otherwise})" if otherwise else likely
    return f"total {total.mean:.0f} [{total.q10:.0f}-{total.q90:.0f}]"


def made_with(key: str, version: str, history_to: str, date: str) -> str:
    """Return which model forecast a match, and up to which day its history reaches.

    >>> made_with("t20-male", "starter-2024.03", "2024-03-21", "2024-05-07")
    'model t20-male starter-2024.03, history to 2024-03-21'
    >>> made_with("t20-male", "starter-2024.03", "2024-03-21", "2022-10-23")
    'model t20-male starter-2024.03, with hindsight: history to 2024-03-21'
    """
    model = f"model {key} {version}"
    if not history_to:
        return model
    hindsight = "with hindsight: " if history_to > date else ""
    return f"{model}, {hindsight}history to {history_to}"


def awaited(gap: Gap | Waiting) -> str:
    """Return what a match waits for, and since when by the feed's own time.

    >>> awaited(Gap(41, "7.3", 1_714_000_000_000))
    'waiting for 7.3 (message 41) since 23:06:40'
    """
    since = datetime.fromtimestamp(gap.since / 1_000, UTC)
    ball = gap.ball or "the next message"
    return f"waiting for {ball} (message {gap.seq}) since {since:%H:%M:%S}"


def notice(message: PredictionMessage) -> str:
    """Return the note beside a forecast: the match waits, or was corrected; "" if neither."""
    if isinstance(message, Waiting):
        return awaited(message)
    if isinstance(message, Withdrawal):
        return f"corrected: message {message.seq} no longer stands"
    notes = [f"corrected: revision {message.revision}"] if message.revision else []
    if isinstance(message, Prediction) and message.waiting is not None:
        notes.append(f"scored on without {message.missing}, {awaited(message.waiting)}")
    return "; ".join(notes)


def message_line(message: PredictionMessage) -> str:
    """Return any message of `cricket.predictions` as one line."""
    note = notice(message)
    if isinstance(message, Waiting | Withdrawal):
        return note
    text = line(message) if isinstance(message, Prediction) else result_line(message)
    return f"{text} ({note})" if note else text


def result_line(result: MatchResult) -> str:
    """Return an official result as one line, for logs and pipes."""
    return printable(f"{' v '.join(short_pair(result.teams))}, {result.date}: {result.text}")
