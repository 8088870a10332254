"""Where two answers to one ball differ, by how much, and of which kind of ball."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from features.catalogue import NAMES
from learning.labels import Question
from streams.messages.labels import LabelMessage
from streams.messages.predictions import Prediction, PredictionMessage, encode

EXAMPLES = 3  # of each part
OVERS = 5  # of a kind of ball
# Another version of the code names itself; that is no difference.
OF_THE_CODE = frozenset({"code"})
OF_THE_MODEL = OF_THE_CODE | {"model", "history", "history_to", "features", "drawn"}
ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of one answer: the live value and ours. `size` is 0 where they are no numbers."""

    part: str
    live: Any
    ours: Any

    @property
    def size(self) -> float:
        """How far two numbers are apart."""
        both = isinstance(self.live, int | float) and isinstance(self.ours, int | float)
        return abs(self.live - self.ours) if both else 0.0


@dataclass(slots=True)
class Tally:
    """All differences of one part."""

    count: int = 0
    largest: float = 0.0
    kinds: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def add(self, found: Difference, where: str, kind: str) -> None:
        """Count one, and keep it as an example if there are few, or if none was larger."""
        self.count += 1
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        example = f"{where}: live {found.live}, ours {found.ours}"
        if found.size > self.largest or not self.examples:
            self.examples.insert(0, example)
        elif len(self.examples) < EXAMPLES:
            self.examples.append(example)
        del self.examples[EXAMPLES:]
        self.largest = max(self.largest, found.size)


@dataclass(slots=True)
class Comparison:
    """What was compared: `ignored` are the fields that may differ, `tolerance` how much may."""

    ignored: frozenset[str] = OF_THE_CODE
    tolerance: float = 0.0
    balls: int = 0
    others: int = 0
    questions: int = 0
    differing: int = 0
    parts: dict[str, Tally] = field(default_factory=dict)

    @property
    def equal(self) -> bool:
        """Whether no part differs by more than is tolerated."""
        return not self.parts

    def compare(self, live: PredictionMessage | None, ours: PredictionMessage | None) -> None:
        """Two answers to one message; None: there is none."""
        answer = live or ours
        assert answer is not None
        if isinstance(answer, Prediction):
            self.balls += 1
        else:
            self.others += 1
        where = f"{answer.match_id}, message {answer.seq}"
        found = list(self._differences(live, ours))
        self.differing += bool(found)
        for each in found:
            self._add(each, where, kind_of_ball(answer))

    def _differences(
        self, live: PredictionMessage | None, ours: PredictionMessage | None
    ) -> Iterator[Difference]:
        if live is None or ours is None:
            yield Difference("the answer itself", _kind(live), _kind(ours))
        elif encode(live) != encode(ours):
            one, other = (self._plain(msgspec.to_builtins(each)) for each in (live, ours))
            yield from (d for d in differences(one, other) if self._counts(d))

    def _plain(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if name not in self.ignored}

    def _counts(self, found: Difference) -> bool:
        return not 0 < found.size <= self.tolerance

    def label(self, live: LabelMessage, ours: LabelMessage) -> None:
        """Two labels of one match's task: the inputs that its questions were asked with."""
        pairs = zip(live.label.questions, ours.label.questions, strict=False)
        for one, other in pairs:
            self.questions += 1
            where = f"{live.match_id}, ball {one.balls} of innings {one.innings + 1}"
            for found in filter(self._counts, inputs(one, other)):
                self._add(found, where, f"{live.label.key}, questions")

    def _add(self, found: Difference, where: str, kind: str) -> None:
        self.parts.setdefault(found.part, Tally()).add(found, where, kind)


def differences(live: Any, ours: Any, part: str = "") -> Iterator[Difference]:
    """The parts in which two documents differ, down to their single values."""
    if isinstance(live, dict) and isinstance(ours, dict):
        for name in live.keys() | ours.keys():
            below = f"{part}.{name}" if part else name
            yield from differences(live.get(name, ABSENT), ours.get(name, ABSENT), below)
    elif isinstance(live, list | tuple) and isinstance(ours, list | tuple):
        if len(live) != len(ours):
            yield Difference(part, f"{len(live)} entries", f"{len(ours)} entries")
        for one, other in zip(live, ours, strict=False):
            yield from differences(one, other, part)
    elif live != ours:
        yield Difference(part, live, ours)


def inputs(live: Question, ours: Question) -> Iterator[Difference]:
    """The features in which two questions differ, by their names in the catalogue."""
    for name, one, other in zip(NAMES, live.inputs, ours.inputs, strict=False):
        if one != other:
            yield Difference(f"feature {name}", one, other)
    if len(live.inputs) != len(ours.inputs):
        lengths = f"{len(live.inputs)} inputs", f"{len(ours.inputs)} inputs"
        yield Difference("the list of features", *lengths)


def kind_of_ball(answer: PredictionMessage) -> str:
    """The kind of ball: which model, which innings, which overs."""
    if not isinstance(answer, Prediction):
        return f"a {_kind(answer)}"
    card, first = answer.card, int(answer.card.overs.partition(".")[0]) // OVERS * OVERS
    innings = "super over" if card.super_over else f"innings {card.innings + 1}"
    return f"{answer.model_key}, {innings}, overs {first + 1} to {first + OVERS}"


def _kind(answer: PredictionMessage | None) -> str:
    return ABSENT if answer is None else type(answer).__name__
