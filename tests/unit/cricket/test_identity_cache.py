"""What was worked out is remembered of the object itself, and never told of another."""

from cricket.identity_cache import IdentityCache


def test_an_answer_is_worked_out_once_for_the_same_object() -> None:
    asked: list[list[int]] = []

    def counted(runs: list[int]) -> int:
        asked.append(runs)
        return sum(runs)

    total, runs, equal = IdentityCache(counted), [1, 4, 6], [1, 4, 6]
    assert [total(runs), total(runs), total(equal)] == [11, 11, 11]
    assert len(asked) == 2
    assert asked[1] is equal


def test_answers_are_forgotten_before_there_are_too_many() -> None:
    asked: list[str] = []

    def counted(value: list[str]) -> str:
        asked.append(value[0])
        return value[0]

    once, (one, other, third) = IdentityCache(counted, most=2), (["1"], ["2"], ["3"])
    assert [once(value) for value in (one, other, one, third, one)] == ["1", "2", "1", "3", "1"]
    assert asked == ["1", "2", "3", "1"]


def test_an_object_that_is_gone_leaves_no_answer_to_the_next_at_its_place() -> None:
    once = IdentityCache(lambda runs: runs[0], most=3)
    assert [once([number]) for number in range(1_000)] == list(range(1_000))
