"""The features as data: the model's inputs in this order. Raise FEATURE_VERSION when it changes."""

from dataclasses import dataclass

FEATURE_VERSION = 2


@dataclass(frozen=True, slots=True)
class Feature:
    """One input: its meaning and unit, where it lies in any match, and its value when unknown.

    `owner` is where it comes from: the engine ("forecast"), earlier matches ("history") or the
    innings itself. `since` is the FEATURE_VERSION that brought it.
    """

    name: str
    meaning: str
    unit: str
    low: float
    high: float
    default: float = 0.0
    owner: str = "forecast"
    since: int = 1


CATALOGUE = (
    Feature("engine", "engine's log odds of the batting side, by its belief", "log odds", -8, 8),
    Feature("engine_prior", "the same by the belief before the innings", "log odds", -8, 8),
    Feature("engine_ahead", "engine times the resources left", "log odds", -8, 8),
    Feature("engine_bend", "engine times a quarter of its size", "log odds", -16, 16, since=2),
    Feature("engine_wickets", "engine times the wickets down, in tens", "log odds", -8, 8, since=2),
    Feature("resources", "Duckworth-Lewis resources left", "share", 0, 1, 1, "innings"),
    Feature("wickets", "wickets down, in tens", "tens", 0, 1, owner="innings"),
    Feature("elo", "batting side's Elo less the other's", "100 points", -10, 10, owner="history"),
    Feature("elo_ahead", "elo times the resources left", "100 points", -10, 10, owner="history"),
    Feature(
        "tilt_gap", "batting side's expected tilt less the other's", "s", -4, 4, owner="history"
    ),
    Feature("tilt_gap_ahead", "tilt_gap times the resources left", "s", -4, 4, owner="history"),
    Feature("tilt_prior", "tilt expected of this innings before it", "s", -4, 4, owner="history"),
    Feature("tilt_learned", "what the innings' balls have added to it", "s", -2, 2),
    # The spread counts as one run at least: at an innings' end this is a difference in runs.
    Feature("score", "projected total over what was expected, in spreads", "sd", -400, 400),
    # Penalty runs before the first ball count with it; ten have been recorded.
    Feature(
        "momentum", "runs a ball of the last 12 less the innings'", "runs", -20, 6, owner="innings"
    ),
    Feature("falling", "wickets in the last 12 deliveries", "wickets", 0, 10, owner="innings"),
    Feature(
        "level", "competition's mean total less the format's", "10 runs", -10, 10, owner="history"
    ),
)
NAMES = tuple(feature.name for feature in CATALOGUE)
