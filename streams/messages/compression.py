"""Zstandard with a bound: how long the content is stands in front, and no more is ever written.

An eighth of zlib's time, and a third of its size for a contest, whose models share much.
"""

import cramjam

LEVEL = 3
LENGTH = 4  # bytes in front: the content's length


class CompressionError(ValueError):
    """Bytes that hold nothing of the expected size; says why."""


def compressed(content: bytes) -> bytes:
    """The content, which is shorter than 4 GiB, behind its length."""
    return len(content).to_bytes(LENGTH) + bytes(cramjam.zstd.compress(content, LEVEL))


def decompressed(value: bytes, most: int) -> bytes:
    """What was compressed; CompressionError if it is damaged or longer than `most` bytes.

    >>> decompressed(compressed(b"six"), 3)
    b'six'
    """
    length = int.from_bytes(value[:LENGTH])
    if length > most:
        raise CompressionError(f"{length} bytes, at most {most} are read")
    content = bytearray(length)
    try:
        written = cramjam.zstd.decompress_into(value[LENGTH:], content)
    except cramjam.DecompressionError as error:
        raise CompressionError(f"not what was compressed: {error}") from error
    if written != length:
        raise CompressionError(f"{written} bytes where {length} are due: cut short or damaged")
    return bytes(content)
