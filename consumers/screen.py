"""What has been seen of the topics so far: the newest forecast, its history, the scores."""

from collections import Counter
from dataclasses import dataclass, field

import msgspec
from confluent_kafka import Message

from consumers.words import chances
from streams import metrics as metric_messages
from streams.metrics import MetricsMessage
from streams.posting import reason_of
from streams.predictions import Prediction, decode_prediction
from streams.settings import Settings
from streams.topics import DEAD_LETTERS, METRICS, PREDICTIONS, real_name

STRANGE = "no message of Overcast's"


@dataclass(slots=True)
class Screen:
    """Takes the messages of the topics and keeps what a view needs; `refused` by reason."""

    settings: Settings
    match_id: str | None = None
    newest: Prediction | None = None
    history: dict[str, list[float]] = field(default_factory=dict)
    scores: dict[str, MetricsMessage] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    predictions: int = 0

    def take(self, message: Message) -> Prediction | None:
        """Absorbs a message; the prediction, if it is one of the watched match."""
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

    def _keep(self, prediction: Prediction) -> Prediction | None:
        if self.match_id not in {None, prediction.match_id}:
            return None
        self.predictions += 1
        self.newest = prediction
        series = self.history.setdefault(prediction.match_id, [])
        series.append(chances(prediction)[prediction.teams[0]])
        return prediction

    @property
    def chart(self) -> list[float]:
        """The first-named team's chance, ball by ball, of the match shown."""
        return self.history.get(self.newest.match_id, []) if self.newest else []


def footer(screen: Screen) -> list[str]:
    """The model shown and its scores over its last matches."""
    newest = screen.newest
    if newest is None:
        return []
    model, said = f"model {newest.model_key} {newest.model}", screen.scores.get(newest.model_key)
    if said is None or not said.metrics.window.matches:
        return [model]
    window = said.metrics.window
    over = f"over its last {window.matches} matches"
    return [model, losses(window.log_loss, window.baseline, window.coin, over)]


def losses(ours: float, baseline: float, coin: float, over: str) -> str:
    """A log loss beside what it must beat."""
    return f"log loss {ours:.3f} (run rate {baseline:.3f}, coin {coin:.3f}) {over}"
