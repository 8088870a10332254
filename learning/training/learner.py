"""The one writer of a model: scores an answer, then learns it."""

from dataclasses import replace

import numpy as np

from features.catalogue import NAMES
from features.effects import Design, Duel, Effects, Numbers, design, effects_of, tilts
from features.history import (
    absorb_balls,
    absorb_order,
    absorb_result,
    absorb_spells,
    absorb_total,
)
from forecast.cells import cell_count, chances
from forecast.outcomes import OUTCOMES
from forecast.shape import SHAPES
from forecast.tables import surprises
from learning.keys import format_name
from learning.labels import Label
from learning.model.correction import SIDES
from learning.model.correction_limit import UNTRIED, Answer, Losses, trust, weighed
from learning.model.interval_widths import answered
from learning.model.linear import OnlineLinear
from learning.model.packed_arrays import packed, unpacked
from learning.model.prequential import Metrics, Score, entered, metrics, score, truth_of
from learning.model.snapshot import MODELS, Counted, Snapshot, Solved, Trained, sealed
from learning.serving.matchups import batting_order, duel_players, spells
from learning.training.policies import STEADY, Pace

FIRST, CHASE = 0, 1
# The tables are solved anew once a fifth more matches have been learned than they were solved
# from, or SOLVED_EVERY more; the backtest solves them every SOLVED_EVERY matches.
SOLVED_SHARE, SOLVED_EVERY = 5, 50
INPUTS = {1: ("rate",), len(NAMES): NAMES}  # the names of a linear model's inputs, by their number


class Learner:
    """Learns labels in order. Its snapshots carry everything: another learner goes on from one."""

    def __init__(self, snapshot: Snapshot, pace: Pace = STEADY) -> None:
        self._parent = snapshot
        self._pace = pace
        self._shape = SHAPES[format_name(snapshot.key)]
        self._history = snapshot.history
        self._trained = snapshot.trained
        self._ledger = snapshot.scores
        self._limits = dict(snapshot.limits)
        self._widths = snapshot.widths
        packs = (snapshot.counted.first, snapshot.counted.chase)
        self._counts = [
            unpacked(pack, (cell_count(self._shape, chase=bool(i)), len(OUTCOMES))).copy()
            for i, pack in enumerate(packs)
        ]
        self._models = {
            name: OnlineLinear(
                INPUTS[size],
                snapshot.models[name],
                logistic=name != "total_first",
                rate=pace.rate,
            )
            for name, size in MODELS.items()
        }

    @property
    def labels(self) -> int:
        """Labels learned since the model's beginning."""
        return self._ledger.labels

    @property
    def effects(self) -> Effects:
        """The effects on an innings' tilt, as learned so far."""
        return self._history.effects

    @property
    def metrics(self) -> Metrics:
        """The prequential scores so far."""
        return metrics(self._ledger)

    def learn(self, label: Label) -> Score:
        """Score the answers that were given to the label's questions, then learn from the truth."""
        scored = score(label)
        self._ledger = entered(self._ledger, scored)
        if label.task == "total":
            self._learn_total(label)
        else:
            self._learn_result(label)
        self._trained = _longer(self._trained, label)
        return scored

    def _learn_total(self, label: Label) -> None:
        model, weight = self._models["total_first"], _weight(label)
        for q in label.questions:
            if q.spread > 1.0:
                model.learn(q.inputs, (label.truth - q.engine_total) / q.spread, weight)
        self._widths = answered(self._widths, label.questions, self._shape.balls, label.truth)
        self._history = absorb_total(self._history, label.event, label.truth)
        self._learn_balls(label, FIRST)

    def _learn_result(self, label: Label) -> None:
        weight = _weight(label)
        if label.task == "win":
            self._limits = {side: self._weighed(label, i) for i, side in enumerate(SIDES)}
        for q in label.questions if label.task == "win" else ():
            side = SIDES[q.innings]
            answer = truth_of(q, label)
            self._models[f"win_{side}"].learn(q.inputs, answer, weight)
            self._models[f"rate_{side}"].learn((q.rate,), answer, weight)
        first_named = label.batting_first == label.teams[0]
        points = label.truth if first_named else 1.0 - label.truth
        self._history = absorb_result(self._history, label.teams, points)
        self._learn_balls(label, CHASE)

    def _weighed(self, label: Label, innings: int) -> Losses:
        """The limits' losses after a decided match, by the model as it is before it learns."""
        model, full = self._models[f"win_{SIDES[innings]}"], self._shape.balls
        answers = [
            Answer(q.inputs[0], model.raw(q.inputs), 1.0 - q.balls / full, truth_of(q, label))
            for q in label.questions
            if q.innings == innings
        ]
        before = self._limits.get(SIDES[innings], UNTRIED)
        return weighed(before, answers, trust(model.answers))

    def _learn_balls(self, label: Label, innings: int) -> None:
        """Learn the balls: each is a label of the next-ball chances, all show the innings' tilt."""
        if not label.codes:
            return
        codes, counts = np.array(label.codes), self._counts[innings]
        history = self._history
        duels, acting = _duels(label), self._design(label)
        expected = tilts(history.effects, acting, history.scale)
        slopes = surprises(codes, chances(self._shape, counts), expected)
        history = absorb_order(
            absorb_balls(history, acting, *slopes, self._pace.restless), batting_order(duels)
        )
        self._history = absorb_spells(
            history, spells(label.lineups[1], label.codes, duels, self._shape.balls)
        )
        counts *= np.float32(1.0 - 1.0 / self._pace.matches)
        np.add.at(counts.reshape(-1), codes, np.float32(1.0))

    def surprise(self, label: Label, tilt: float) -> tuple[float, float]:
        """Gradient and curvature of the log likelihood of a label's balls, all of this tilt.

        To be called before the label is learned; see `forecast.tables.surprises`.
        """
        return self._surprise(label, np.full(len(label.codes), tilt))

    def surprise_since(self, label: Label, effects: Effects) -> tuple[float, float]:
        """The same gradient and curvature at the tilts that these effects expect of each ball."""
        return self._surprise(label, tilts(effects, self._design(label), self._history.scale))

    def _surprise(self, label: Label, expected: Numbers) -> tuple[float, float]:
        counts = self._counts[_innings(label)]
        codes = np.array(label.codes)
        gradients, curvatures = surprises(codes, chances(self._shape, counts), expected)
        return float(gradients.sum()), float(curvatures.sum())

    def _design(self, label: Label) -> Design:
        duels, innings = _duels(label), _innings(label)
        return design(effects_of(label.event, label.venue, _sides(label, innings), innings), duels)

    def snapshot(self, version: str, positions: dict[str, int]) -> Snapshot:
        """Everything learned so far, sealed."""
        return sealed(self.learned(version, positions))

    def learned(self, version: str, positions: dict[str, int]) -> Snapshot:
        """The snapshot without its digest."""
        counted = Counted(packed(self._counts[FIRST]), packed(self._counts[CHASE]))
        return replace(
            self._parent,
            version=version,
            parent=self._parent.version,
            positions=dict(positions),
            trained=self._trained,
            counted=counted,
            solved=_solved(self._parent.solved, Solved(counted, self._trained.matches)),
            history=self._history,
            limits=self._limits,
            widths=self._widths,
            models={name: model.export() for name, model in self._models.items()},
            scores=self._ledger,
            digest="",
        )


def _solved(before: Solved, now: Solved) -> Solved:
    """The counts to make the tables from: the earlier ones, unless enough matches were added."""
    enough = min(max(before.matches // SOLVED_SHARE, 1), SOLVED_EVERY)
    return now if now.matches - before.matches >= enough else before


def _sides(label: Label, innings: int) -> tuple[str, str]:
    """The sides that bat and bowl in an innings."""
    first, second = label.teams
    if label.batting_first != first:
        first, second = second, first
    return (first, second) if innings == FIRST else (second, first)


def _innings(label: Label) -> int:
    """The innings of a label's balls."""
    return FIRST if label.task == "total" else CHASE


def _duels(label: Label) -> list[Duel]:
    return [duel_players(label.lineups, number) for number in label.duels]


def _weight(label: Label) -> float:
    """A question's weight: all questions of a match together count as one answer."""
    return 1.0 / max(len(label.questions), 1)


def _longer(trained: Trained, label: Label) -> Trained:
    return Trained(
        matches=trained.matches + (label.task != "total"),
        balls=trained.balls + len(label.codes),
        first=min(trained.first or label.date, label.date),
        last=max(trained.last, label.date),
    )
