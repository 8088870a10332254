"""Answers worked out once for values that stay the same objects from ball to ball."""

from collections.abc import Callable
from typing import Generic, TypeVar, TypeVarTuple

Values = TypeVarTuple("Values")
Answer = TypeVar("Answer")

KEPT = 4_000  # answers of one function: a few of each of 1,000 matches


class Once(Generic[*Values, Answer]):
    """A pure function of immutable values that remembers its answers by the objects themselves.

    To compare the values would cost as much as the answer. They are kept with it, so that their
    ids stay theirs. When there are too many answers, all are forgotten together: another thread
    that asks meanwhile works the same one out again.

    >>> total = Once(sum)
    >>> runs = (1, 4, 6)
    >>> total(runs), total(runs)
    (11, 11)
    """

    __slots__ = ("_answer", "_kept", "_most")

    def __init__(self, answer: Callable[[*Values], Answer], most: int = KEPT) -> None:
        self._answer = answer
        self._most = most
        self._kept: dict[tuple[int, ...], tuple[tuple[*Values], Answer]] = {}

    def __call__(self, *values: *Values) -> Answer:
        """The answer for these very objects."""
        key = tuple(map(id, values))
        found = self._kept.get(key)
        if found is None:
            found = (values, self._answer(*values))
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[key] = found
        return found[1]
