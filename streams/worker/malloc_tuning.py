"""Tunes the C library's allocator for a process of many threads that holds large tables.

By default it keeps an arena for each of them, eight a core, and after the first large array is
freed it takes the next ones from these arenas, where what lies behind them keeps them from going
back. After 90,000 balls that was a quarter of a worker's memory.
"""

import ctypes

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # of glibc's malloc.h
LARGE = 1 << 20  # bytes, from which on an array is mapped on its own and goes back when it is freed
ARENAS = 2  # Python runs one thread at a time; librdkafka's threads share them


def tune() -> bool:
    """Few arenas, and large arrays outside of them; False where the C library is another."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(M_ARENA_MAX, ARENAS) and mallopt(M_MMAP_THRESHOLD, LARGE))
