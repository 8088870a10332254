"""No bytes crash a decoder, take it for ever, or are taken for something else."""

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.messages.predictions import decode_prediction, encode
from streams.messages.source import Source
from streams.pipeline.advance import advance
from streams.pipeline.effects import receive
from streams.pipeline.match_record import MatchRecord, encode_head
from tests.fuzz.corpus import corpus
from tests.fuzz.feeds import changed, feed
from tests.fuzz.targets import TARGETS
from tests.support.matches import models


def _is_document(value: bytes) -> bool:
    """Whether there is something in it to change."""
    try:
        told = json.loads(value)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict | list) and bool(told)


DOCUMENTS = {name: list(filter(_is_document, corpus(name))) for name in TARGETS}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_is_read_and_something_of_it_is_taken(name: str) -> None:
    assert any([TARGETS[name](value) for value in corpus(name)])  # noqa: C419  all of them


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=60, deadline=2_000, suppress_health_check=SLOW)
@given(data=st.data())
def test_cut_and_stirred_bytes_are_refused_or_read(name: str, data: st.DataObject) -> None:
    value = bytearray(data.draw(st.sampled_from(corpus(name))))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, max(len(value) - 1, 0)))
        value[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    TARGETS[name](bytes(value))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=60, deadline=2_000, suppress_health_check=SLOW)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 4), data=st.data())
def test_documents_with_odd_values_are_refused_or_read(
    name: str, seed: int, count: int, data: st.DataObject
) -> None:
    rng, value = Random(seed), data.draw(st.sampled_from(DOCUMENTS[name]))
    for _ in range(count):
        if not _is_document(value):
            break
        value = changed(value, rng)
    TARGETS[name](value)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_no_feed_stops_a_worker(seed: int) -> None:
    """Whole matches of which any message may say anything."""
    live: dict[str, MatchRecord] = {}
    for offset, value in enumerate(feed(Random(seed))):
        effects = advance(live, [receive(b"k", value, Source("t", 0, offset))], models())
        live |= effects.records
        assert all(decode_prediction(encode(made)) == made for made in effects.predictions)
        assert all(len(encode_head(record)) < 200_000 for record in effects.records.values())
