"""The time for one ball: state and live features, on one core. `python -m benchmarks.ball`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter_ns

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball
from cricket.play import fold, full_balls, start
from cricket.state import Innings, MatchState, Refusal
from features.inputs import EngineFeatures, HistoryFeatures, inputs, rounded
from features.online_features import online
from producers.recorded import ShippedShelf
from streams.failure import run

ROUNDS = 5  # of all shipped matches
SEEN = EngineFeatures(
    0.2, 0.1, 0.02, 165.0, 160.0, 25.0
)  # the engine's answers, which are not timed here
DRAWN = HistoryFeatures(35.0, 0.05, 0.02, 8.0)


@dataclass(frozen=True, slots=True)
class BallTime:
    """Microseconds a ball, over `balls` timings."""

    balls: int
    median: float
    p95: float
    p99: float


def ball_time(rounds: int = ROUNDS) -> BallTime:
    """Every ball of the shipped matches, timed by itself."""
    shelf = ShippedShelf()
    matches = [shelf.read(listed) for listed in shelf.listed()]
    times = [t for _ in range(rounds) for match in matches for t in timings(match)]
    cut = quantiles(times, n=100)
    return BallTime(len(times), median(times) / 1_000, cut[94] / 1_000, cut[98] / 1_000)


def timings(match: RecordedMatch, now: Callable[[], int] = perf_counter_ns) -> Iterator[int]:
    """Nanoseconds of each ball of a match: the fold, and all live features after it."""
    state = start(match.fixture)
    full = full_balls(state)
    for fact in match.facts:
        began = now()
        after = fold(state, fact)
        if isinstance(after, Refusal):
            raise ValueError(f"{match.id}: {after.reason}")  # noqa: TRY004  the record's fault
        if isinstance(fact, Ball):
            features(after, full)
            yield now() - began
        state = after


def features(state: MatchState, full: int) -> tuple[Sequence[float], dict[str, float | None]]:
    """The model's inputs and what other services may read."""
    innings = state.current
    assert isinstance(innings, Innings)
    return rounded(inputs(innings, full, SEEN, DRAWN)), online(state)


def in_words(time: BallTime) -> str:
    """The figures in a line."""
    return (
        f"One ball, state and live features: {time.median:.1f} µs median, "
        f"{time.p95:.1f} p95, {time.p99:.1f} p99 ({time.balls:,} timings)"
    )


def main() -> None:
    """Prints the time for one ball."""
    print(in_words(ball_time()))


if __name__ == "__main__":
    run(main)
