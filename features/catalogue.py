"""The features, as data: the model's inputs in this order. Change it, raise FEATURE_VERSION."""

from dataclasses import dataclass

FEATURE_VERSION = 2


@dataclass(frozen=True, slots=True)
class Feature:
    """One input: what it means, its unit, what it is when unknown, and where it must lie."""

    name: str
    meaning: str
    unit: str
    default: float = 0.0
    low: float = -10.0
    high: float = 10.0
    owner: str = "forecast"
    since: int = 1


CATALOGUE = (
    Feature("engine", "engine's log odds of the batting side, with the match's belief", "log odds"),
    Feature("engine_prior", "the same with what was believed before the innings", "log odds"),
    Feature("engine_ahead", "engine's log odds times the resources left", "log odds"),
    Feature("engine_bend", "engine's log odds times their size, in fours", "log odds", since=2),
    Feature(
        "engine_wickets", "engine's log odds times the wickets down, in tens", "log odds", since=2
    ),
    Feature("resources", "Duckworth-Lewis resources left, of a full innings", "share", 1.0, 0, 1.2),
    Feature("wickets", "wickets down, in tens", "tens", 0.0, 0.0, 1.0),
    Feature("elo", "batting side's Elo less the other's", "100 points", owner="history"),
    Feature("elo_ahead", "the same times the resources left", "100 points", owner="history"),
    Feature("tilt_gap", "tilt expected of the side batting less the other's", "s", owner="history"),
    Feature("tilt_gap_ahead", "the same times the resources left", "s", owner="history"),
    Feature("tilt_prior", "tilt expected of this innings before it", "s", owner="history"),
    Feature("tilt_learned", "what the innings' balls have added to it", "s"),
    Feature("score", "projected total over what was expected, in spreads", "sd"),
    Feature("momentum", "runs a ball of the last 12 less the innings'", "runs", 0, -6, 6),
    Feature("falling", "wickets in the last 12 deliveries", "wickets", 0.0, 0.0, 10.0),
    Feature("level", "competition's mean total over the format's", "10 runs", owner="history"),
)
NAMES = tuple(feature.name for feature in CATALOGUE)
