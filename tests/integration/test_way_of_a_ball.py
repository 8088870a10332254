"""Recorded matches through real Kafka, a real Faust worker, real Redis and River."""

from dataclasses import replace

import msgspec

from producers.recorded import ShippedShelf, shipped_match
from producers.replay import merged
from producers.schedule import timed_events
from streams.kafka.producer import Producer
from streams.kafka.topics import BALLS, METRICS, real_name
from streams.messages.dead_letters import LONGEST_COPY
from streams.messages.events import BallBowled, MatchStarted
from streams.messages.events import encode as encode_event
from streams.rights.roles import FEED
from tests.integration.deployment import Deployment

SHELF = ShippedShelf()


def test_every_ball_has_one_prediction_in_order_and_each_match_its_labels(
    deployment: Deployment,
) -> None:
    deployment.start()
    events = list(merged(SHELF, SHELF.listed()))
    deployment.send(events)
    deployment.settle()
    balls = {(e.match_id, e.seq) for e in events if isinstance(e, BallBowled)}
    found = [(p.match_id, p.seq) for p in deployment.predictions()]
    assert len(found) == len(set(found))
    assert set(found) == balls
    for match_id in {e.match_id for e in events}:
        own = [seq for i, seq in found if i == match_id]
        assert own == sorted(own)
    assert {m.match_id for m in deployment.labels()} == {e.match_id for e in events}
    assert deployment.dead_letters() == []
    assert deployment.messages(METRICS)


def test_broken_messages_become_dead_letters_and_their_neighbours_lose_nothing(
    deployment: Deployment,
) -> None:
    deployment.start()
    good = list(timed_events(shipped_match("1426294")))
    hundred = MatchStarted(
        match_id="hundred",
        seq=0,
        fixture=replace(shipped_match("1426294").fixture, balls_per_over=5),
    )
    bad = {
        b"\xff\xfe not json": "unreadable",
        b'{"type":"ball_bowled","match_id":"1426294","seq":"x"}': "unreadable",
        b"\x00" * (2 * 1024 * 1024): "unreadable",
        encode_event(msgspec.structs.replace(good[5], match_id="nobody")): "unknown match",
        encode_event(hundred): "unsupported format",
    }
    settings = deployment.settings
    with Producer(deployment.of(FEED).kafka_access) as outbox:
        for place, event in enumerate(good):
            deployment.send_raw(outbox, b"1426294", encode_event(event))
            if place == 100:
                for value in bad:
                    deployment.send_raw(outbox, b"1426294", value)
        after_the_end = msgspec.structs.replace(good[-2], seq=len(good))
        deployment.send_raw(outbox, b"1426294", encode_event(after_the_end))
    deployment.settle()
    letters = deployment.dead_letters()
    assert [(v, r.partition(":")[0]) for v, r, _ in letters[:-1]] == [
        (value[:LONGEST_COPY], kind) for value, kind in bad.items()
    ]
    assert letters[-1][1] == "against the laws: the match has ended"
    assert all(origin.startswith(real_name(BALLS, settings)) for _, _, origin in letters)
    balls = sum(isinstance(e, BallBowled) for e in good)
    assert len(deployment.predictions()) == balls
