"""Log lines about single messages: the refused ones, and those that a match waits for."""

import logging
from collections.abc import Sequence

from streams.messages.dead_letters import LONGEST_KEY, LONGEST_REASON, DeadLetter
from streams.messages.predictions import Waiting
from streams.pipeline.effects import Effects, Received

MOST_LINES = 10  # of a batch; a broken feed must not fill the disk

log = logging.getLogger(__name__)


def log_effects(effects: Effects, batch: Sequence[Received]) -> None:
    """Write a line for each refused message, up to MOST_LINES, and for each match that waits."""
    for letter in effects.dead_letters[:MOST_LINES]:
        log.warning("refused: %s", letter.reason[:LONGEST_REASON], extra=_about(letter, batch))
    more = len(effects.dead_letters) - MOST_LINES
    if more > 0:
        log.warning("refused: %s more of this batch, see cricket.dead-letters", more)
    for message in effects.predictions:
        if isinstance(message, Waiting):
            where = {
                "match": message.match_id,
                "seq": message.seq,
                "offset": message.source.offset,
            }
            log.info("waits for the message of ball %s", message.ball, extra=where)


def _about(letter: DeadLetter, batch: Sequence[Received]) -> dict[str, object]:
    """Match, sequence number and offset as fields; the key for an unreadable message."""
    offset = letter.source.offset
    event = next((r.event for r in batch if r.source.offset == offset), None)
    if event is not None:
        return {"match": event.match_id, "seq": event.seq, "offset": offset}
    key = (letter.key or b"")[:LONGEST_KEY].decode(errors="replace")
    return {"match": key, "offset": offset}
