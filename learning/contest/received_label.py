"""A label as the contest receives it: with its cause, its time, and the match if it ended one."""

from collections.abc import Sequence
from dataclasses import dataclass

from cricket.facts import Fact, Fixture
from learning.contest.decisions import Cause
from learning.labels import Label


@dataclass(frozen=True, slots=True)
class ReceivedLabel:
    """A label with the message that brought it, its time and, at a match's end, the match.

    `at` and `began` are the feed's times of the label and of the match's beginning, in ms;
    `facts` are those of the whole match, and come with its last label only.
    """

    label: Label
    cause: Cause
    at: int
    began: int = 0
    fixture: Fixture | None = None
    facts: Sequence[Fact] = ()
