"""Content behind its length: what comes back, and what is refused."""

import pytest

from streams.messages.compression import LENGTH, CompressionError, compressed, decompressed

SAID = b"four leg byes " * 100
WHOLE = compressed(SAID)


@pytest.mark.parametrize("content", [b"", b"6", SAID])
def test_content_comes_back(content: bytes) -> None:
    assert decompressed(compressed(content), len(content)) == content


def test_what_is_said_often_is_short() -> None:
    assert len(WHOLE) < len(SAID) / 10


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"", "not what was compressed"),
        (WHOLE[:-3], "not what was compressed"),
        (WHOLE[:LENGTH] + b"nonsense", "not what was compressed"),
        ((len(SAID) + 1).to_bytes(LENGTH) + WHOLE[LENGTH:], "1400 bytes where 1401 are due"),
        ((len(SAID) - 1).to_bytes(LENGTH) + WHOLE[LENGTH:], "not what was compressed"),
        (compressed(SAID + b"!!"), "1402 bytes, at most 1401 are read"),
    ],
)
def test_what_is_damaged_or_too_long_is_refused(value: bytes, why: str) -> None:
    with pytest.raises(CompressionError, match=why):
        decompressed(value, len(SAID) + 1)


def test_a_length_that_lies_gets_no_more_than_it_says() -> None:
    bomb = (10).to_bytes(LENGTH) + compressed(b" " * (64 << 20))[LENGTH:]
    with pytest.raises(CompressionError, match="not what was compressed"):
        decompressed(bomb, 1 << 20)
