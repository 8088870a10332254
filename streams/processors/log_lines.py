"""What a worker's log says of single messages: those that were refused, and those waited for."""

import logging
from collections.abc import Sequence

from streams.messages.dead_letters import DeadLetter
from streams.messages.predictions import Waiting
from streams.pipeline.effects import Effects, Received

MOST_LINES = 10  # of a batch; a broken feed must not fill the disk

log = logging.getLogger(__name__)


def tell(effects: Effects, batch: Sequence[Received]) -> None:
    """A line for each refused message, up to MOST_LINES, and for each match that waits."""
    for letter in effects.dead_letters[:MOST_LINES]:
        log.warning("refused: %s", letter.reason, extra=_about(letter, batch))
    more = len(effects.dead_letters) - MOST_LINES
    if more > 0:
        log.warning("refused: %s more of this batch, see cricket.dead-letters", more)
    for said in effects.predictions:
        if isinstance(said, Waiting):
            where = {"match": said.match_id, "seq": said.seq, "offset": said.source.offset}
            log.info("waits for a message, which tells ball %s", said.ball, extra=where)


def _about(letter: DeadLetter, batch: Sequence[Received]) -> dict[str, object]:
    """Match, sequence and offset; what cannot be read has a key at most."""
    offset = letter.source.offset
    found = next((r.event for r in batch if r.source.offset == offset), None)
    if found is not None:
        return {"match": found.match_id, "seq": found.seq, "offset": offset}
    return {"match": (letter.key or b"").decode(errors="replace"), "offset": offset}
