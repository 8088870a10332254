"""What was published is made again byte for byte, and a byte that was changed anywhere is found."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from random import Random

import msgspec
import pytest
from prometheus_client import REGISTRY

from consumers.audit.comparison import Reproduced
from consumers.audit.reproduction import Reproduction, count_results
from learning.model.snapshot import Snapshot, encode, sealed
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from streams.messages.events import BallBowled, MatchEvent
from streams.messages.events import encode as encode_event
from streams.messages.predictions import Prediction, decode_prediction
from streams.messages.predictions import encode as encode_published
from streams.messages.source import CODE_VERSION, Source
from streams.models.registry import InstalledModels
from streams.pipeline.advance import Models, advance
from streams.pipeline.effects import receive
from streams.pipeline.match_record import MatchRecord
from streams.settings import Settings
from tests.support.matches import KEY, messages, models, served, short_match
from tests.support.memory_log import APPENDED, MemoryLog, Record

COPY = 14  # where a ball is sent again
BALLS, PREDICTIONS, MODELS = "cricket.balls", "cricket.predictions", "cricket.models"


def promoted() -> Snapshot:
    """Another version than the one that ships, on `cricket.models` only."""
    return sealed(replace(load_starter()[KEY], version="promoted", parent=served().version))


def feed() -> list[MatchEvent]:
    """Two matches side by side; one ball is amended, one comes late, one twice."""
    first, second = (messages(short_match(i, "14.6wW2", "1146")) for i in ("m", "n"))
    ball = next(event for event in first if isinstance(event, BallBowled))
    fact = msgspec.structs.replace(ball, revision=1).fact
    amended = msgspec.structs.replace(ball, revision=1, fact=replace_runs(fact))
    first[5], first[6] = first[6], first[5]
    both = [event for pair in zip(first, second, strict=True) for event in pair]
    return [*both[:COPY], both[3], amended, *both[COPY:]]


def replace_runs(fact: object) -> object:
    return msgspec.convert(msgspec.to_builtins(fact) | {"runs": 3}, type(fact))


@cache
def log() -> MemoryLog:
    """A log that the shipped model answered, and from the middle on another, which explains."""
    events, other = feed(), Forecaster(promoted(), served().engine, explaining=True)
    balls = tuple((e.match_id.encode(), encode_event(e)) for e in events)
    parts = (balls[:18], balls[18:])
    published: list[Record] = []
    live: dict[str, MatchRecord] = {}
    at = 0
    for part, serving in zip(parts, (models(), {KEY: other}), strict=True):
        published += answered(live, part, at, serving)
        at += len(part)
    snapshots = ((KEY.encode(), encode(promoted())),)
    return MemoryLog({BALLS: balls, PREDICTIONS: tuple(published), MODELS: snapshots})


def answered(
    live: dict[str, MatchRecord], part: Iterable[Record], at: int, serving: Models
) -> list[Record]:
    batch = [
        receive(key, value, Source(BALLS, 0, offset, APPENDED + offset))
        for offset, (key, value) in enumerate(part, at)
    ]
    effects = advance(live, batch, serving)
    live |= effects.records
    return [(m.match_id.encode(), encode_published(m)) for m in effects.predictions]


@cache
def shipped() -> InstalledModels:
    """The model that ships, its tables made once."""
    return InstalledModels({KEY: load_starter()[KEY]}, explaining=True)


def reproduction(kept: MemoryLog) -> Reproduction:
    return Reproduction(Settings(), kept, shipped())


def again(kept: MemoryLog, count: int = 1_000) -> list[Reproduced]:
    return reproduction(kept).sample(count, Random(1))  # noqa: S311


def verdicts(found: Iterable[Reproduced]) -> set[str]:
    return {each.verdict for each in found}


def test_all_that_was_published_is_made_again_whichever_model_had_answered() -> None:
    found = again(log())
    assert len(found) == len(log().topics[PREDICTIONS])
    assert verdicts(found) == {"equal"}
    made = [decode_prediction(each.published) for each in found]
    assert {p.model for p in made if isinstance(p, Prediction)} == {"promoted", served().version}
    assert {p.why is None for p in made if isinstance(p, Prediction)} == {True, False}
    assert {each.place[0] for each in found} >= {"prediction", "match_result", "waiting"}
    assert max(each.place[3] for each in found if each.place[0] == "prediction") > 0


def test_a_sample_is_a_stretch_somewhere_and_brings_what_its_matches_had_before() -> None:
    found = again(log(), 5)
    assert verdicts(found) == {"equal"}
    assert 5 <= len(found) < len(log().topics[PREDICTIONS])


@pytest.mark.parametrize("seed", range(16))
def test_one_byte_that_was_changed_anywhere_is_found(seed: int) -> None:
    """But in a copy of a message, which a match does not take in."""
    chance = Random(seed)  # noqa: S311
    topic = chance.choice((BALLS, BALLS, PREDICTIONS, MODELS))
    held = log().topics[topic]
    offset = chance.choice([at for at in range(len(held)) if topic != BALLS or at != COPY])
    key, value = held[offset]
    place, byte = chance.randrange(len(value)), chance.randrange(1, 256)
    forged = value[:place] + bytes([value[place] ^ byte]) + value[place + 1 :]
    assert verdicts(again(log().changed(topic, offset, (key, forged)))) != {"equal"}


@pytest.mark.parametrize("offset", [0, 7, -1])
def test_what_was_never_published_or_is_gone_is_found(offset: int) -> None:
    held = log().topics[PREDICTIONS]
    without = list(held)
    del without[offset]
    gone = MemoryLog(log().topics | {PREDICTIONS: tuple(without)})
    twice = MemoryLog(log().topics | {PREDICTIONS: (*held, held[offset])})
    if offset != -1:  # the last of all may not have been published yet
        assert [r.why for r in again(gone) if r.verdict == "different"] == ["was never published"]
    assert [r.verdict for r in again(twice)].count("different") == 1


def test_what_cannot_be_made_again_says_why() -> None:
    whole = log().topics
    no_model = again(MemoryLog(whole | {MODELS: ()}))
    assert any("no log holds a good snapshot t20-male promoted" in r.why for r in no_model)
    no_start = again(log().changed(BALLS, 0, (b"", b"")))
    assert {r.why for r in no_start if r.match_id == "m"} == {
        "cricket.balls does not hold the match from its beginning"
    }
    assert {r.verdict for r in no_start if r.match_id == "n"} == {"equal"}


def test_another_version_of_the_code_is_named_where_its_bytes_differ() -> None:
    key, value = log().topics[PREDICTIONS][4]
    older = value.replace(f'"code":"{CODE_VERSION}"'.encode(), b'"code":"0.0.9"')
    found = again(log().changed(PREDICTIONS, 4, (key, older)))
    odd = next(each for each in found if each.verdict != "equal")
    assert odd.verdict == "other_code"
    assert "version 0.0.9 of the code" in odd.why


def test_one_match_is_found_by_its_id_and_a_difference_shows_the_bytes_around_it() -> None:
    assert verdicts(reproduction(log()).match("n")) == {"equal"}
    assert reproduction(log()).match("nosuch") == []
    held = log().topics[PREDICTIONS]
    offset = next(at for at, (key, _) in enumerate(held) if key == b"n")
    forged = held[offset][1].replace(b'"win_added":', b'"win_added":1')
    kept = log().changed(PREDICTIONS, offset, (b"n", forged))
    odd = [r for r in reproduction(kept).match("n") if r.verdict != "equal"]
    assert len(odd) == 1
    assert '"win_added":1' in odd[0].why


def test_what_was_found_is_counted_for_the_alert() -> None:
    def counted(result: str) -> float:
        labels = {"result": result}
        return REGISTRY.get_sample_value("overcast_reproduced_predictions_total", labels) or 0.0

    before = counted("equal"), counted("different")
    found = [Reproduced("m", ("prediction", 1, 0, 0), "equal") for _ in range(3)]
    count_results([*found, found[0]._replace(verdict="different")], now=5.0)
    assert (counted("equal"), counted("different")) == (before[0] + 3, before[1] + 1)
    assert REGISTRY.get_sample_value("overcast_reproduced_timestamp_seconds") == 5.0
