"""Whoever chooses does not look at the years that are reported."""

import os
import subprocess
import sys

ASK = (
    "from benchmarks.forecast import years; "
    "print(years.TEST_FROM, *years.CHOOSING, years.read('2021-12-31'), years.read('2022-01-01'))"
)


def told(before: str) -> str:
    """What a fresh process says of its years."""
    found = subprocess.run(
        [sys.executable, "-c", ASK],
        env=os.environ | {"FORECAST_BEFORE": before},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.strip()


def test_2022_and_later_are_reported_and_three_years_before_choose() -> None:
    assert told("") == "2022 2019 2020 2021 True True"


def test_before_2022_nothing_of_it_is_read() -> None:
    assert told("2022") == "2019 2016 2017 2018 True False"
