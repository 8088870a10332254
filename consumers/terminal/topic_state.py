"""What has been seen of the topics so far: the newest forecast, its history, the scores."""

from collections import Counter
from dataclasses import dataclass, field

import msgspec
from confluent_kafka import Message

from consumers.phrases import chances, notice
from streams.kafka.topics import DEAD_LETTERS, METRICS, PREDICTIONS, real_name
from streams.messages import metrics as metric_messages
from streams.messages.dead_letters import reason_of
from streams.messages.events import Place
from streams.messages.metrics import MetricsMessage
from streams.messages.predictions import (
    Prediction,
    PredictionMessage,
    Waiting,
    Withdrawal,
    decode_prediction,
)
from streams.settings import Settings

STRANGE = "no message of Overcast's"


@dataclass(slots=True)
class TopicState:
    """Takes the messages of the topics and keeps what a view needs; `refused` by reason.

    `latest` are the newest forecasts of all matches, the one heard of last at the end; `notice` is
    what was last said beside forecasts: that the match waits, or was corrected.
    """

    settings: Settings
    match_id: str | None = None
    newest: Prediction | None = None
    latest: dict[str, Prediction] = field(default_factory=dict)
    told: dict[str, dict[Place, float]] = field(default_factory=dict)
    scores: dict[str, MetricsMessage] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    predictions: int = 0
    notice: str = ""

    def take(self, message: Message) -> PredictionMessage | None:
        """Absorbs a message; what was said, if it is of the watched match."""
        name, value = message.topic(), message.value() or b""
        try:
            if name == real_name(PREDICTIONS, self.settings):
                return self._keep(decode_prediction(value))
            if name == real_name(METRICS, self.settings):
                said = metric_messages.decode(value)
                self.scores[said.model_key] = said
            elif name == real_name(DEAD_LETTERS, self.settings):
                self.refused[reason_of(message)] += 1
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.refused[f"{STRANGE} on {name}"] += 1
        return None

    def _keep(self, said: PredictionMessage) -> PredictionMessage | None:
        if self.match_id not in {None, said.match_id}:
            return None
        self.notice = notice(said)
        if isinstance(said, Waiting):
            return said
        series, place = self.told.setdefault(said.match_id, {}), (said.seq, said.rank)
        if isinstance(said, Withdrawal):
            series.pop(place, None)
        else:
            self.predictions += said.supersedes is None
            series[place] = chances(said)[said.teams[0]]
            if place >= max(series) or self.match_shown != said.match_id:
                self.newest = said  # a correction revises earlier balls too
            if place >= max(series):
                self.latest.pop(said.match_id, None)
                self.latest[said.match_id] = said
        return said

    @property
    def match_shown(self) -> str | None:
        """The match of the newest forecast."""
        return self.newest.match_id if self.newest else None

    @property
    def history(self) -> dict[str, list[float]]:
        """The first-named team's chance of each match, ball by ball, as it stands."""
        return {match_id: _in_order(series) for match_id, series in self.told.items()}

    @property
    def chart(self) -> list[float]:
        """The first-named team's chance, ball by ball, of the match shown."""
        return _in_order(self.told.get(self.newest.match_id, {})) if self.newest else []


def _in_order(series: dict[Place, float]) -> list[float]:
    return [chance for _, chance in sorted(series.items())]


def footer(screen: TopicState) -> list[str]:
    """The model shown and its scores over its last matches."""
    newest = screen.newest
    if newest is None:
        return []
    notes = [screen.notice] if screen.notice else []
    model, said = f"model {newest.model_key} {newest.model}", screen.scores.get(newest.model_key)
    if said is None or not said.metrics.window.matches:
        return [*notes, model]
    window = said.metrics.window
    over = f"over its last {window.matches} matches"
    return [*notes, model, losses(window.log_loss, window.baseline, window.coin, over)]


def losses(ours: float, baseline: float, coin: float, over: str) -> str:
    """A log loss beside what it must beat."""
    return f"log loss {ours:.3f} (run rate {baseline:.3f}, coin {coin:.3f}) {over}"
