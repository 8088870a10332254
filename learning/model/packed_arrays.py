"""Arrays in JSON: little-endian float32, deflated, in base64."""

import base64
import zlib

import numpy as np
from numpy.typing import NDArray

LEVEL = 6


class ArrayError(ValueError):
    """A text that is not an array of the expected shape; the message says why."""


def packed(array: NDArray[np.float32]) -> str:
    """The array as text; "" if it is all zeros."""
    if not array.any():
        return ""
    return base64.b64encode(zlib.compress(array.astype("<f4").tobytes(), LEVEL)).decode()


def unpacked(text: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The array of this shape; ArrayError if the text holds another, or infinities or NaN."""
    if not text:
        return np.zeros(shape, dtype=np.float32)
    size = 4 * int(np.prod(shape))
    try:
        inflater = zlib.decompressobj()
        raw = inflater.decompress(base64.b64decode(text, validate=True), size + 1)
    except (ValueError, zlib.error) as error:
        raise ArrayError(f"not a packed array: {error}") from error
    if len(raw) != size:
        raise ArrayError(f"{len(raw)} bytes where {size} are due for {shape}")
    array = np.frombuffer(raw, dtype="<f4").reshape(shape).astype(np.float32)
    if not np.isfinite(array).all():
        raise ArrayError("a number is not finite")
    return array
