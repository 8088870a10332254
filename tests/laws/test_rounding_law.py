"""Inputs are rounded as Python rounds, to the bit."""

import struct

from hypothesis import example, given
from hypothesis import strategies as st

from features.inputs import DIGITS, rounded

near_ties = st.builds(
    lambda whole, off: (whole + 0.5 + off) / 10**DIGITS,
    st.integers(-(2**42), 2**42),
    st.floats(-1e-3, 1e-3),
)


large = st.integers(10**15, 2 * 10**17).map(lambda n: n / 99_991)  # products lose their fraction


def bits(values: tuple[float, ...]) -> bytes:
    return struct.pack(f"{len(values)}d", *values)


@given(st.lists(st.one_of(st.floats(), st.floats(-20.0, 20.0), large, near_ties)).map(tuple))
@example((0.0, -0.0, -1e-9, 2.5e-6, 0.000005, 1.000005, 1e300, float("inf")))
def test_inputs_are_rounded_as_python_rounds(values: tuple[float, ...]) -> None:
    assert bits(rounded(values)) == bits(tuple(round(value, DIGITS) for value in values))
