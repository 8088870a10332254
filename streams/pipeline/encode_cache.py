"""The JSON of values that stay the same object from ball to ball, encoded once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
from msgspec import structs

from cricket.identity_cache import IdentityCache
from cricket.state import MatchState
from learning.serving.memory import Memory

KEPT = 4_000  # four values of each of 1,000 matches, some 20 MB


class EncodeCache:
    """Remembers the JSON of a record's parts by the object itself: all of them are immutable."""

    def __init__(self, encode: Callable[[Any], bytes], kept: int = KEPT) -> None:
        def raw(value: object) -> Any:
            """The value as it will stand in a larger JSON."""
            return msgspec.Raw(encode(value))

        self.json: IdentityCache[object, Any] = IdentityCache(raw, kept)

    def state(self, state: MatchState) -> MatchState:
        """The state with its fixture and its earlier innings encoded already."""
        earlier = [self.json(innings) for innings in state.innings[:-1]]
        innings = (*earlier, *state.innings[-1:])
        return replace(state, fixture=self.json(state.fixture), innings=innings)

    def memory(self, memory: Memory) -> Memory:
        """The memory with its draw and its questions, most of it, encoded already."""
        context, questions = self.json(memory.context), self.json(memory.questions)
        return structs.replace(memory, context=context, questions=questions)
