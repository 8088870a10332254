"""A challenger at work: it answers what the champion was asked, is scored, and learns."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cricket.facts import Fixture
from learning.contest.confidence_sequence import Comparison, Pair
from learning.contest.decisions import Evidence
from learning.contest.signals import total_loss, win_loss
from learning.contest.state import ChallengerState, DatedModel
from learning.labels import Label, Question
from learning.model.engine_cache import Engines
from learning.model.snapshot import Snapshot, sealed
from learning.recall import Step, answers
from learning.serving.forecaster import Forecaster
from learning.training.learner import Learner
from learning.training.policies import POLICIES

VIEW_EVERY = 2  # matches that a challenger learns before it answers with what it learned
MOST_VIEWS = 4  # as many as a long match may see come: older matches are not paired


class Challenger:
    """One rival with its learner."""

    def __init__(self, rival: ChallengerState, engines: Engines) -> None:
        self.rival = rival
        self._engines = engines
        self._learner = Learner(rival.snapshot, POLICIES[rival.policy].pace)
        self._forecasters: dict[int, Forecaster] = {}
        self._comparison = Comparison(rival.pairs, rival.limit)

    def evidence(self) -> Evidence:
        """What its pairs show so far."""
        return self._comparison.evidence()

    def meet(
        self, label: Label, at: int, began: int, fixture: Fixture, played: Sequence[Step]
    ) -> None:
        """A match that ended: answered as of its beginning, paired, learned."""
        views = [view for view in self.rival.views if view.at <= began]
        view = views[-1] if views else self.rival.views[0]
        own = tuple(answers(fixture, played, self._forecaster(view)))
        if views and label.task == "win":
            for pair in paired(label, own, first_total(played)):
                self._comparison.add(pair)
                self.rival = replace(self.rival, pairs=(*self.rival.pairs, pair))
        for one in own:
            self._learner.learn(one)
        self._look_again(at)

    def _forecaster(self, view: DatedModel) -> Forecaster:
        if view.at not in self._forecasters:
            kept = {v.at for v in self.rival.views}
            self._forecasters = {a: f for a, f in self._forecasters.items() if a in kept}
            self._forecasters[view.at] = Forecaster(view.snapshot, self._engines(view.snapshot))
        return self._forecasters[view.at]

    def _look_again(self, at: int) -> None:
        learned = self.rival.learned + 1
        if learned >= VIEW_EVERY:
            learned = 0
            views = (*self.rival.views, DatedModel(at, self._settle()))[-MOST_VIEWS:]
            self.rival = replace(self.rival, views=views)
        self.rival = replace(self.rival, learned=learned)

    def _settle(self) -> Snapshot:
        """Everything learned as a snapshot, from which its learner goes on; not sealed yet."""
        version = f"{self.rival.name}+{self._learner.labels}"
        if version != self.rival.snapshot.version:
            snapshot = self._learner.learned(version, {})
            self._learner = Learner(snapshot, POLICIES[self.rival.policy].pace)
            self.rival = replace(self.rival, snapshot=snapshot)
        return self.rival.snapshot

    def settled(self) -> ChallengerState:
        """The rival with everything learned in its snapshot, from which its learner goes on."""
        snapshot = _whole(self._settle())
        views = tuple(replace(view, snapshot=_whole(view.snapshot)) for view in self.rival.views)
        self.rival = replace(self.rival, snapshot=snapshot, views=views)
        return self.rival


def _whole(snapshot: Snapshot) -> Snapshot:
    """The snapshot, sealed: most views are forgotten before anybody else reads them."""
    return snapshot if snapshot.digest else sealed(snapshot)


def paired(label: Label, own: Iterable[Label], total: float) -> tuple[Pair, ...]:
    """The losses of the champion's answers and of a challenger's to the same questions, in nats.

    The sum of the win chances' log loss and of the projected totals'; () if nothing can be paired.
    """
    for other in own:
        if other.task == "win":
            asked = {_moment(q): q for q in other.questions}
            common = tuple(q for q in label.questions if _moment(q) in asked)
            if common:
                theirs = tuple(asked[_moment(q)] for q in common)
                return ((_loss(label, common, total), _loss(other, theirs, total)),)
    return ()


def _moment(question: Question) -> tuple[int, int]:
    return question.innings, question.balls


def _loss(label: Label, asked: tuple[Question, ...], total: float) -> float:
    return win_loss(replace(label, questions=asked)) + total_loss(asked, total)


def first_total(played: Sequence[Step]) -> float:
    """Runs of the first innings."""
    return float(played[-1].after.innings[0].runs)
