"""A contest with a challenger on trial, as the learner stores it."""

from collections.abc import Iterable

from learning.contest.confidence_sequence import Pair
from learning.contest.state import ChallengerState, ContestState, DatedModel
from learning.starter import load_starter


def on_trial(key: str, pairs: Iterable[Pair]) -> ContestState:
    """The starter's model of a key, and a challenger with these losses match by match."""
    model = load_starter()[key]
    name = f"{model.version}~quick@400"
    challenger = ChallengerState(name, "quick", model, (DatedModel(0, model),), tuple(pairs))
    return ContestState(model, challengers=(challenger,))
