"""Latency and pace, by the times at which Kafka appended balls and forecasts."""

from consumers.audit.latency import Answered, Latency, balls_a_second, percentiles


def test_percentiles_are_those_of_the_ordered_latencies() -> None:
    assert percentiles([5]) == Latency(5.0, 5.0, 5.0, 1)
    assert percentiles(list(range(100, 0, -1))) == Latency(51.0, 96.0, 100.0, 100)
    assert percentiles([1] * 98 + [900, 1_000]) == Latency(1.0, 1.0, 1_000.0, 100)
    assert percentiles([]) == Latency(0.0, 0.0, 0.0, 0)


def test_the_pace_is_that_of_the_matches_that_are_asked_for() -> None:
    watched = [Answered(0, 3, "watched")]
    flood = [Answered(2_000, 2_000 + 10 * n, "flood") for n in range(1, 101)]
    answers = [*flood, *watched]
    assert balls_a_second(answers, {"flood"}) == 100.0  # the last was answered after a second
    assert balls_a_second(answers, {"none"}) == 0.0
