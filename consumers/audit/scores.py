"""How good forecasts were, from the questions and answers in the log: a match is one unit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from learning.labels import Label
from learning.model.prequential import COIN, score
from learning.model.resampling import Estimate, mean_over_matches
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import LABELS, real_name
from streams.messages.labels import LabelMessage, LabelOrOrder, decode_label_or_order
from streams.pipeline.canonical import corrected
from streams.settings import Settings


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over decided matches and first innings, with intervals; None where there were none.

    `lead` is the log loss less the run rate's, match by match; losses in nats, `error` in runs.
    """

    matches: int
    log_loss: Estimate | None
    baseline: Estimate | None
    lead: Estimate | None
    totals: int
    error: Estimate | None
    coin: float = COIN


def labels(settings: Settings) -> list[LabelMessage]:
    """Return the labels in the log that stand."""
    return newest(_messages(settings))


def _messages(settings: Settings) -> Iterator[LabelOrOrder]:
    log, name = LogReader(settings.kafka_access), real_name(LABELS, settings)
    for partition in log.partitions(name):
        for message in log.read_all(name, partition):
            yield decode_label_or_order(message.value() or b"")


def newest(messages: Iterable[LabelOrOrder]) -> list[LabelMessage]:
    """Return the newest revision of each label, but for those that were withdrawn, by match."""
    standing = corrected(message for message in messages if isinstance(message, LabelMessage))
    return sorted(standing, key=lambda message: (message.match_id, message.label.task))


def scores(answers: Iterable[Label]) -> Scores:
    """Return how good the answers were that had been given when the labels' questions came."""
    scored = [each for each in map(score, answers) if each.questions]
    wins = [each for each in scored if each.task == "win"]
    totals = [each for each in scored if each.task == "total"]
    return Scores(
        len(wins),
        _mean(win.log_loss for win in wins),
        _mean(win.baseline for win in wins),
        _mean(win.log_loss - win.baseline for win in wins),
        len(totals),
        _mean(total.error for total in totals),
    )


def _mean(values: Iterable[float]) -> Estimate | None:
    listed = list(values)
    return mean_over_matches(listed) if listed else None
