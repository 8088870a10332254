"""Zstandard with a bound: the content's length stands in front, and no more is decompressed.

It takes an eighth of zlib's time, and a third of its size for a contest, whose models share much.
"""

import cramjam

LEVEL = 3
LENGTH = 4  # bytes in front: the content's length


class CompressionError(ValueError):
    """Bytes that cannot be decompressed to the length that they name; the text says why."""


def compressed(content: bytes) -> bytes:
    """The length of the content, which is below 4 GiB, and the compressed content."""
    return len(content).to_bytes(LENGTH) + bytes(cramjam.zstd.compress(content, LEVEL))


def decompressed(value: bytes, most: int) -> bytes:
    """The content; CompressionError if it is damaged or longer than `most` bytes.

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
