"""Answers computed once for a value that stays the same object from ball to ball."""

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")
Answer = TypeVar("Answer")

KEPT = 2_000  # answers of one function: four of each of 500 live matches


class IdentityCache(Generic[Value, Answer]):
    """A pure function of an immutable value that remembers its answers by the object itself.

    Comparing values would cost as much as the answer. A value is kept with its answer, so that no
    other object can take its id. When there are too many, all are forgotten together; another
    thread that asks meanwhile computes the same answer again.

    >>> total = IdentityCache(sum)
    >>> runs = (1, 4, 6)
    >>> total(runs), total(runs)
    (11, 11)
    """

    __slots__ = ("_answer", "_kept", "_most")

    def __init__(self, answer: Callable[[Value], Answer], most: int = KEPT) -> None:
        self._answer = answer
        self._most = most
        self._kept: dict[int, tuple[Value, Answer]] = {}

    def __call__(self, value: Value) -> Answer:
        """The answer for this very object."""
        entry = self._kept.get(id(value))
        if entry is None:
            entry = (value, self._answer(value))
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[id(value)] = entry
        return entry[1]
