"""A challenger at work: it answers the champion's questions, is scored, and learns."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from msgspec import structs

from learning.contest.confidence_sequence import Comparison, Pair
from learning.contest.decisions import Evidence
from learning.contest.signals import total_loss, win_loss
from learning.contest.state import ChallengerState, DatedModel
from learning.labels import Label, Question
from learning.model.engine_cache import Engines
from learning.model.snapshot import Snapshot, sealed
from learning.serving.forecaster import Forecaster
from learning.serving.replay import Step, replayed_labels
from learning.training.learner import Learner
from learning.training.policies import POLICIES

MODEL_EVERY = 2  # matches that a challenger learns before a new model of it answers
MOST_MODELS = (
    4  # kept at a time, enough for a long match; one that began before them all is not paired
)


class Challenger:
    """A challenger at work: its state, and the learner that moves it on."""

    def __init__(self, state: ChallengerState, engines: Engines) -> None:
        self.state = state
        self._engines = engines
        self._learner = Learner(state.snapshot, POLICIES[state.policy].pace)
        self._forecasters: dict[int, Forecaster] = {}
        self._comparison = Comparison(state.pairs, state.limit)

    def evidence(self) -> Evidence:
        """The evidence of the pairs of losses so far."""
        return self._comparison.evidence()

    def play(self, label: Label, at: int, began: int, match: Sequence[Step]) -> None:
        """Replay a finished match: answer by the model of its beginning, pair losses, learn."""
        models = [model for model in self.state.models if model.at <= began]
        model = models[-1] if models else self.state.models[0]
        own_labels = tuple(replayed_labels(match, self._forecaster(model)))
        if models and label.task == "win":
            for pair in paired_losses(label, own_labels, first_total(match)):
                self._comparison.add(pair)
                self.state = structs.replace(self.state, pairs=(*self.state.pairs, pair))
        for own_label in own_labels:
            self._learner.learn(own_label)
        self._renew_model(at)

    def _forecaster(self, model: DatedModel) -> Forecaster:
        if model.at not in self._forecasters:
            kept = {m.at for m in self.state.models}
            self._forecasters = {at: f for at, f in self._forecasters.items() if at in kept}
            self._forecasters[model.at] = Forecaster(model.snapshot, self._engines(model.snapshot))
        return self._forecasters[model.at]

    def _renew_model(self, at: int) -> None:
        """After every MODEL_EVERY matches, let a new model answer the matches that begin later."""
        learned = self.state.learned + 1
        if learned >= MODEL_EVERY:
            learned = 0
            models = (*self.state.models, DatedModel(at, self._snapshot()))[-MOST_MODELS:]
            self.state = structs.replace(self.state, models=models)
        self.state = structs.replace(self.state, learned=learned)

    def _snapshot(self) -> Snapshot:
        """The snapshot of everything learned, without its digest; the learner continues from it."""
        version = f"{self.state.name}+{self._learner.labels}"
        if version != self.state.snapshot.version:
            snapshot = self._learner.learned(version, {})
            self._learner = Learner(snapshot, POLICIES[self.state.policy].pace)
            self.state = structs.replace(self.state, snapshot=snapshot)
        return self.state.snapshot

    def checkpoint(self) -> ChallengerState:
        """The state with everything learned in its snapshot, from which the learner continues."""
        snapshot = _sealed(self._snapshot())
        models = tuple(DatedModel(m.at, _sealed(m.snapshot)) for m in self.state.models)
        self.state = structs.replace(self.state, snapshot=snapshot, models=models)
        return self.state


def _sealed(snapshot: Snapshot) -> Snapshot:
    """The snapshot with its digest, made as late as this since most models are never stored."""
    return snapshot if snapshot.digest else sealed(snapshot)


def paired_losses(label: Label, own_labels: Iterable[Label], total: float) -> tuple[Pair, ...]:
    """The champion's and the challenger's loss on the questions that both answered, in nats.

    A loss is the mean log loss of the win chances plus that of the projected totals. There is one
    pair, or none if the two have no question in common.
    """
    for own_label in own_labels:
        if own_label.task == "win":
            answers = {_when(q): q for q in own_label.questions}
            common = tuple(q for q in label.questions if _when(q) in answers)
            if common:
                answered = tuple(answers[_when(q)] for q in common)
                return ((_loss(label, common, total), _loss(own_label, answered, total)),)
    return ()


def _when(question: Question) -> tuple[int, int]:
    """When a question was asked: its innings and the balls bowled."""
    return question.innings, question.balls


def _loss(label: Label, questions: tuple[Question, ...], total: float) -> float:
    return win_loss(replace(label, questions=questions)) + total_loss(questions, total)


def first_total(match: Sequence[Step]) -> float:
    """The runs of the first innings of a match."""
    return float(match[-1].after.innings[0].runs)
