"""The state of the topics read so far: the newest forecast, its history, the scores."""

from collections import Counter
from dataclasses import dataclass, field

import msgspec
from confluent_kafka import Message

from consumers.phrases import chances, made_with, notice
from streams.kafka.topics import DEAD_LETTERS, METRICS, PREDICTIONS, real_name
from streams.messages import metrics as metric_messages
from streams.messages.dead_letters import reason_of
from streams.messages.events import Place
from streams.messages.metrics import MetricsMessage
from streams.messages.predictions import (
    MatchResult,
    Prediction,
    PredictionMessage,
    Waiting,
    Withdrawal,
    decode_prediction,
)
from streams.settings import Settings

STRANGE = "not a message of Overcast"


@dataclass(slots=True)
class TopicState:
    """Takes the messages of the topics and keeps what a view needs; `refused` by reason.

    `latest` are the newest forecasts of all matches, the most recently updated at the end,
    `results` the official results by match; `notice` is the latest note beside a forecast: the
    match waits, or was corrected. `others` are the teams of the matches that are not watched.
    """

    settings: Settings
    match_id: str | None = None
    newest: Prediction | None = None
    latest: dict[str, Prediction] = field(default_factory=dict)
    series: dict[str, dict[Place, float]] = field(default_factory=dict)
    results: dict[str, MatchResult] = field(default_factory=dict)
    others: dict[str, tuple[str, str]] = field(default_factory=dict)
    scores: dict[str, MetricsMessage] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    predictions: int = 0
    notice: str = ""

    def take(self, message: Message) -> PredictionMessage | None:
        """Absorb a message; return it decoded if it is a forecast of the watched match."""
        name, value = message.topic(), message.value() or b""
        try:
            if name == real_name(PREDICTIONS, self.settings):
                return self._keep(decode_prediction(value))
            if name == real_name(METRICS, self.settings):
                metrics = metric_messages.decode(value)
                self.scores[metrics.model_key] = metrics
            elif name == real_name(DEAD_LETTERS, self.settings):
                self.refused[reason_of(message)] += 1
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.refused[f"{STRANGE} on {name}"] += 1
        return None

    def _keep(self, message: PredictionMessage) -> PredictionMessage | None:
        match_id = message.match_id
        if self.match_id not in {None, match_id}:
            if isinstance(message, Prediction | MatchResult):
                self.others[match_id] = message.teams
            return None
        self.notice = notice(message)
        if isinstance(message, MatchResult):
            self.results[match_id] = message
        if isinstance(message, Waiting | MatchResult):
            return message
        self._enter(message)
        return message

    def _enter(self, message: Prediction | Withdrawal) -> None:
        """Enter a forecast in its match's series, or take one out."""
        match_id = message.match_id
        series, place = self.series.setdefault(match_id, {}), _place(message)
        result = self.results.get(match_id)
        if result is not None and _place(result) == place:
            del self.results[match_id]
        if isinstance(message, Withdrawal):
            series.pop(place, None)
        else:
            self.predictions += message.supersedes is None
            series[place] = chances(message)[message.teams[0]]
            if place >= max(series) or self.match_shown != match_id:
                self.newest = message  # a correction revises earlier balls too
            if place >= max(series):
                self.latest.pop(match_id, None)
                self.latest[match_id] = message

    @property
    def match_shown(self) -> str | None:
        """The match of the newest forecast."""
        return self.newest.match_id if self.newest else None

    @property
    def history(self) -> dict[str, list[float]]:
        """The first-named team's chance of each match, ball by ball, corrections included."""
        return {match_id: _in_order(series) for match_id, series in self.series.items()}

    @property
    def chart(self) -> list[float]:
        """The first-named team's chance, ball by ball, of the match shown."""
        return _in_order(self.series.get(self.newest.match_id, {})) if self.newest else []


def _place(message: PredictionMessage) -> Place:
    return message.seq, message.rank


def _in_order(series: dict[Place, float]) -> list[float]:
    return [chance for _, chance in sorted(series.items())]


def footer(screen: TopicState) -> list[str]:
    """The model shown and its scores over its last matches."""
    newest = screen.newest
    if newest is None:
        return []
    notes = [screen.notice] if screen.notice else []
    model = made_with(newest.model_key, newest.model, newest.history_to, newest.date)
    scores = screen.scores.get(newest.model_key)
    if scores is None or not scores.metrics.window.matches:
        return [*notes, model]
    window = scores.metrics.window
    over = f"over its last {window.matches} matches"
    return [*notes, model, losses(window.log_loss, window.baseline, window.coin, over)]


def losses(ours: float, baseline: float, coin: float, over: str) -> str:
    """Return a log loss beside those of the run rate and of a coin, which it must beat."""
    return f"log loss {ours:.3f} (run rate {baseline:.3f}, coin {coin:.3f}) {over}"
