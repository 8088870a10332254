"""The years that are reported, and those that settings are chosen on.

FORECAST_BEFORE=2022 in the environment moves both back, and matches of that year and later are not
read: so a change of the model is judged before anybody looks at the years that are reported. It
is read here, once, since every process of the benchmark must have the same years.
"""

import os

SPAN = 3  # years of each
BEFORE = int(os.environ.get("FORECAST_BEFORE") or 0)  # 0: all there is
TEST_FROM = BEFORE - SPAN if BEFORE else 2022
CHOOSING = tuple(range(TEST_FROM - SPAN, TEST_FROM))


def read(date: str) -> bool:
    """Whether a match of this date (ISO) takes part."""
    return not BEFORE or int(date[:4]) < BEFORE
