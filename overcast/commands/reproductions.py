"""Published predictions made again from the log, and compared, in words."""

import logging
import time
from collections.abc import Iterator, Sequence
from random import Random
from secrets import randbits

import typer
from rich.console import Console

from consumers.audit.comparison import Reproduced
from consumers.audit.reproduction import Reproduction, count_results
from consumers.printing import printable
from overcast.commands.cluster import partitions_of
from overcast.interrupted import stopped_by_signals
from streams.kafka.topics import BALLS, MODELS, PREDICTIONS
from streams.messages.predictions import Prediction, decode_prediction
from streams.observability import logs
from streams.observability.endpoint import exposed
from streams.observability.health import Health
from streams.settings import Settings

NAMED = 10  # differences that are shown
PREDICTION = Prediction.__struct_config__.tag
VERDICTS = {
    "equal": "equal to the last byte",
    "different": "DIFFERENT",
    "other_code": "by another version of the code",
    "impossible": "cannot be made again",
}

log = logging.getLogger(__name__)


def answer_one(settings: Settings, wanted: tuple[str, int, int, int | None]) -> None:
    """Make one message again: match, seq, rank and revision (None: the last)."""
    _answer(_named(_reproduction(settings).match(wanted[0]), wanted))


def answer_sample(settings: Settings, sample: int, seed: int | None) -> None:
    """Make a sample of messages again."""
    _answer(_reproduction(settings).sample(sample, _chance(seed)))


def keep_answering(settings: Settings, sample: int, seed: int | None, every: float) -> None:
    """Make samples again until Ctrl-C or TERM, with metrics of what was found."""
    reproduction, chance = _reproduction(settings), _chance(seed)
    logs.set_up(settings)
    stop = stopped_by_signals()
    with exposed(settings, Health()):
        while not stop.is_set():
            _log(reproduction.sample(sample, chance))
            stop.wait(every)


def _reproduction(settings: Settings) -> Reproduction:
    for topic in (BALLS, PREDICTIONS, MODELS):
        partitions_of(topic, settings)
    return Reproduction(settings)


def _chance(seed: int | None) -> Random:
    return Random(randbits(64) if seed is None else seed)  # noqa: S311  no secret


def _named(
    found: Sequence[Reproduced], wanted: tuple[str, int, int, int | None]
) -> list[Reproduced]:
    """Return the message that was asked for; ValueError if it was not published."""
    match_id, seq, rank, revision = wanted
    revisions = [r for r in found if r.place[0] != "waiting" and r.place[1:3] == (seq, rank)]
    chosen = [r for r in revisions if revision is None or r.place[3] == revision]
    if not chosen:
        which = f"message {seq}" + (f", revision {revision}" if revision is not None else "")
        raise ValueError(f"nothing was published of {which} of match {match_id!r}")
    return [max(chosen, key=lambda r: r.place[3])]


def _answer(found: Sequence[Reproduced]) -> None:
    """Print what was found; exit code 1 unless everything is equal."""
    console = Console()
    for line in report(found):
        console.print(printable(line), highlight=False, markup=False, soft_wrap=True)
    count_results(found, time.time())
    if not found or any(each.verdict != "equal" for each in found):
        raise typer.Exit(1)


def report(found: Sequence[Reproduced]) -> Iterator[str]:
    """Yield what was found in words: counts, then what is not equal; all about a single one."""
    if len(found) == 1:
        yield from _origin(found[0])
    matches = len({each.match_id for each in found})
    yield f"{len(found):,} published messages of {matches:,} matches were made again"
    for verdict, words in VERDICTS.items():
        count = sum(each.verdict == verdict for each in found)
        if count:
            yield f"  {count:,} {words}"
    for each in [each for each in found if each.verdict != "equal"][:NAMED]:
        yield f"  {_name(each)}: {each.why}"


def _name(each: Reproduced) -> str:
    kind, seq, rank, revision = each.place
    ranked = f", rank {rank}" if rank else ""
    where = f" (offset {each.offset})" if each.offset >= 0 else ""
    return f"{each.match_id}: {kind} of message {seq}{ranked}, revision {revision}{where}"


def _origin(each: Reproduced) -> Iterator[str]:
    """What a published prediction says that it was made from."""
    if each.place[0] != PREDICTION or each.offset < 0:
        return
    made = decode_prediction(each.published)
    assert isinstance(made, Prediction)
    side = made.card.batting
    yield f"{_name(each)}: {made.ball}"
    yield f"  {side} {made.win.batting:.1%}, tie {made.win.tie:.1%}"
    yield f"  model {made.model_key} {made.model}, history {made.history} to {made.history_to}"
    yield f"  code {made.code}, features {made.features}"
    source = made.source
    yield f"  from {source.topic}/{source.partition} up to offset {source.offset}"
    yield f"  digest of the match's messages {made.log_digest or 'unknown'}"


def _log(found: Sequence[Reproduced]) -> None:
    """Write to the log what a sample showed; the metrics count it."""
    results = count_results(found, time.time())
    log.info("made again: %s", ", ".join(f"{n} {verdict}" for verdict, n in results.items()))
    for each in [each for each in found if each.verdict != "equal"][:NAMED]:
        log.error("%s: %s", _name(each), each.why)
