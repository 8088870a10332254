"""One writer at a time: the newest claimant; a store that has lost something is noticed."""

import pytest

from features.store import Entry, OnlineStore, Position, TakenError
from features.store_client import redis_client
from overcast.embedded.servers import Addresses
from streams.kafka.fenced_producer import OutputPartition, claim_producer
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import FencedError, Producer
from streams.kafka.topics import DEAD_LETTERS, METRICS, PREDICTIONS, real_name
from streams.rights.roles import WORKER
from streams.settings import Settings
from tests.support.parties import as_role


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """All that is done here is a worker's work."""
    return as_role(settings, WORKER)


@pytest.fixture
def store(settings: Settings) -> OnlineStore:
    return OnlineStore(settings.redis_url, settings.topic_prefix, 60, most=100)


def entry(match_id: str, offset: int, record: bytes = b"{}") -> Entry:
    return Entry(match_id, offset, record, b"{}", {f"{offset}.0": b"entry"})


@pytest.fixture
def admin_url(addresses: Addresses) -> str:
    """The Redis of who may do to it what happens to a store."""
    return Settings(**addresses.settings).redis_url


@pytest.fixture
def places(settings: Settings) -> list[OutputPartition]:
    """Where a partition's owner writes."""
    return [(real_name(topic, settings), 0) for topic in (PREDICTIONS, DEAD_LETTERS)]


def told(settings: Settings, place: OutputPartition) -> list[bytes | None]:
    return [message.value() for message in LogReader(settings.kafka_access).read_all(*place)]


def test_who_was_replaced_can_learn_nothing_more(settings: Settings) -> None:
    """Neither what it had queued before its successor came, nor what it queues afterwards."""
    topic, outbox = real_name(METRICS, settings), Producer(settings.kafka_access)
    frozen = outbox.claim(f"{settings.group}/test/0")
    frozen.send(topic, None, b"first", partition=0)
    frozen.flush()
    frozen.send(topic, None, b"in hand", partition=0)
    successor = outbox.claim(f"{settings.group}/test/0")
    successor.send(topic, None, b"second", partition=0)
    successor.flush()
    with pytest.raises(FencedError, match="test/0"):
        frozen.flush()
    outbox.claim(f"{settings.group}/test/0")  # answered when all transactions can be read
    assert told(settings, (topic, 0)) == [b"first", b"second"]


def test_who_was_replaced_can_publish_nothing_more(
    settings: Settings, places: list[OutputPartition]
) -> None:
    """On no partition that was claimed, even before the successor has written anything."""
    name = f"{settings.group}/test/0"
    frozen = claim_producer(settings.kafka_access, name, places)
    for topic, partition in places:
        frozen.send(topic, b"k", b"first", partition=partition)
    frozen.flush()
    successor = claim_producer(settings.kafka_access, name, places)
    for topic, partition in places:
        frozen.send(topic, b"k", b"in hand", partition=partition)
        with pytest.raises(FencedError, match="test/0"):
            frozen.flush()
    assert [told(settings, place) for place in places] == [[b"first"], [b"first"]]
    successor.send(*places[0][:1], b"k", b"second", partition=0, headers=[("a", "b"), ("c", None)])
    successor.flush()
    assert told(settings, places[0]) == [b"first", b"second"]
    frozen.close()
    successor.close()


def test_what_is_published_is_whole_and_in_order_whatever_its_size(
    settings: Settings, places: list[OutputPartition]
) -> None:
    """One message may fill a batch of its own; many small ones fill several."""
    outbox = claim_producer(settings.kafka_access, f"{settings.group}/test/0", places)
    small = [str(number).encode() * 2_000 for number in range(2_000)]
    large = [b"x" * 3_000_000, b"y" * 3_000_000]
    for value in small:
        outbox.send(places[0][0], b"k", value, partition=0)
    for value in large:
        outbox.send(places[1][0], None, value, partition=0)
    outbox.flush()
    assert told(settings, places[0]) == small
    assert told(settings, places[1]) == large
    outbox.close()


def test_a_batch_that_left_twice_is_written_once(
    settings: Settings, places: list[OutputPartition]
) -> None:
    """`send_off` and `flush` may come in any number."""
    outbox = claim_producer(settings.kafka_access, f"{settings.group}/test/0", places)
    outbox.send(places[0][0], None, b"one", partition=0)
    outbox.send_off()
    outbox.send_off()
    outbox.send(places[0][0], None, b"two", partition=0)
    outbox.flush()
    outbox.flush()
    assert told(settings, places[0]) == [b"one", b"two"]
    outbox.close()


def test_the_log_read_backwards_gives_everything_the_newest_first(settings: Settings) -> None:
    topic = real_name(PREDICTIONS, settings)
    name = f"{settings.group}/test/0"
    outbox = Producer(settings.kafka_access).claim(name)
    for number in range(25):
        outbox.send(topic, None, str(number).encode(), partition=0)
        if number % 2:
            outbox.flush()
    outbox.flush()
    Producer(settings.kafka_access).claim(name)  # answered when all transactions can be read
    newest = LogReader(settings.kafka_access).read_backwards(topic, 0, most=3)
    found = [int(message.value() or b"") for message in newest]
    assert found == list(range(25))[::-1]


def test_who_was_replaced_can_write_nothing_more(store: OnlineStore) -> None:
    frozen = store.claim(0)
    assert frozen.write([entry("m", 5)], Position(5)) == "written"
    successor = store.claim(0)
    assert successor.through == 5
    assert successor.write([entry("m", 6, b'"second"')], Position(6)) == "written"
    with pytest.raises(TakenError):
        frozen.write([entry("m", 7, b'"late"')], Position(7))
    with pytest.raises(TakenError):
        frozen.intact(store.read(0, ["m"]).lease)
    assert store.read(0, ["m"]).records["m"].record == b'"second"'
    assert successor.write([entry("m", 8)], Position(8)) == "written"


def test_a_store_that_was_emptied_is_noticed_before_it_is_believed(
    store: OnlineStore, admin_url: str
) -> None:
    lease = store.claim(0)
    assert lease.write([entry("m", 5)], Position(5)) == "written"
    assert lease.intact(store.read(0, ["m"]).lease)
    client = redis_client(admin_url)
    client.delete(store.lease_key(0), store.key(0, "m"))
    assert not lease.intact(store.read(0, ["m"]).lease)
    assert lease.write([entry("m", 6)], Position(6)) == "behind"
    assert store.read(0, ["m"]).records == {}
    again = store.claim(0)
    assert again.through == -1
    assert again.fill([entry("m", 6)], Position(6))
    assert again.intact(store.read(0, ["m"]).lease)


def test_a_store_that_came_back_from_an_old_copy_is_noticed(
    store: OnlineStore, admin_url: str
) -> None:
    client = redis_client(admin_url)
    lease = store.claim(0)
    assert lease.write([entry("m", 5)], Position(5)) == "written"
    copy = client.hgetall(store.lease_key(0))
    assert lease.write([entry("m", 6)], Position(6)) == "written"
    client.hset(store.lease_key(0), mapping=copy)
    assert not lease.intact(store.read(0, ["m"]).lease)
    assert lease.write([entry("m", 7)], Position(7)) == "behind"


def test_a_write_whose_answer_was_lost_may_be_made_again(store: OnlineStore) -> None:
    lease = store.claim(0)
    assert lease.write([entry("m", 5)], Position(5)) == "written"
    lease.position = Position(-1)  # as before the write
    assert lease.write([entry("m", 5)], Position(5)) == "written"


def test_endless_new_matches_drive_out_the_longest_silent_and_not_the_playing(
    store: OnlineStore, admin_url: str
) -> None:
    lease = store.claim(0)
    for offset in range(0, 1_000, 10):
        flood = [entry(f"flood-{offset + n}", offset + n) for n in range(9)]
        entries = [*flood, entry("playing", offset + 9)]
        assert lease.write(entries, Position(offset + 9)) == "written"
    client = redis_client(admin_url)
    assert len(list(client.scan_iter(store.key(0, "*").replace("{", "\\{")))) <= 100
    assert set(store.read(0, ["playing", "flood-998", "flood-0"]).records) == {
        "playing",
        "flood-998",
    }
    assert len(store.read(0, ["playing"]).records["playing"].book) == 100
    assert store.read(0, ["flood-0"]).full


def test_a_match_that_was_evicted_is_told_from_a_new_one_and_is_not_written_in_part(
    store: OnlineStore, admin_url: str
) -> None:
    lease, changes = store.claim(0), entry("m", 6)._replace(whole=False)
    assert lease.write([entry("m", 5)], Position(5)) == "written"
    client = redis_client(admin_url)
    client.delete(store.key(0, "m"))
    read = store.read(0, ["m", "new"])
    assert (read.records, read.evicted, read.full) == ({}, {"m"}, False)
    assert lease.intact(read.lease)
    assert lease.write([changes], Position(6)) == "evicted"
    assert not client.exists(store.key(0, "m"))
    assert lease.write([entry("m", 6)], Position(6)) == "written"
    assert lease.write([changes], Position(7)) == "written"


def test_a_store_that_lost_the_names_of_its_matches_is_noticed(
    store: OnlineStore, admin_url: str
) -> None:
    lease = store.claim(0)
    assert lease.write([entry("m", 5)], Position(5)) == "written"
    client = redis_client(admin_url)
    client.delete(store.lease_key(0).replace(":held", ":recent"))
    assert not lease.intact(store.read(0, ["m"]).lease)


def test_what_is_of_another_log_is_forgotten_and_lower_offsets_are_written(
    store: OnlineStore,
) -> None:
    lease = store.claim(0)
    assert lease.write([entry("m", 500)], Position(500, 1_000, "id")) == "written"
    again = store.claim(0)
    assert again.position == (500, 1_000, "id")
    again.forget()
    assert store.read(0, ["m"]).records == {}
    assert again.write([entry("m", 3)], Position(3, 2_000)) == "written"
    assert list(store.read(0, ["m"]).records) == ["m"]
    with pytest.raises(TakenError):
        lease.forget()
