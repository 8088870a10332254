"""What happens to the log and to the keys of Redis while workers rely on both."""

import signal
from random import Random

from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions

from streams.kafka.client_config import client
from streams.kafka.partitions import numbers
from streams.kafka.topics import BALLS, create_topics, real_name
from tests.fire import stores
from tests.fire.arena import Arena, until

HALF = 0.5
MOST_PARTITIONS = 8
ANSWER_SECONDS = 10.0


def make_topic_again(arena: Arena, rng: Random) -> None:
    """The topic of balls is deleted with all its messages, and created; other matches begin.

    What it held is examined before. Some workers are down meanwhile, some are not.
    """
    arena.examine()
    if rng.random() < HALF:
        rng.choice(arena.crew.hands).send(signal.SIGKILL)
    admin, name = AdminClient(client(arena.settings.kafka_access)), real_name(BALLS, arena.settings)
    admin.delete_topics([name])[name].result()
    until(lambda: name not in admin.list_topics(timeout=ANSWER_SECONDS).topics)
    until(lambda: name in admin.list_topics(timeout=ANSWER_SECONDS).topics or _made(arena, name))
    arena.begin_again()


def _made(arena: Arena, name: str) -> bool:
    """Whether the topic could be created; a worker that starts may be faster."""
    return name in create_topics(arena.settings)


def add_partitions(arena: Arena, rng: Random) -> None:
    """The topic of balls has one partition more, or two."""
    admin, name = AdminClient(client(arena.settings.kafka_access)), real_name(BALLS, arena.settings)
    wanted = min(len(numbers(admin, name)) + rng.randint(1, 2), MOST_PARTITIONS)
    if wanted > len(numbers(admin, name)):
        arena.line.note(f"  {wanted} partitions")
        admin.create_partitions([NewPartitions(name, wanted)])[name].result()


def evict(arena: Arena, rng: Random) -> None:
    """Redis throws away a few keys: matches, or what keeps the account of them."""
    keys = stores.keys(arena.servers.store)
    gone = rng.sample(keys, min(len(keys), rng.randint(1, 5)))
    arena.line.note(f"  {len(gone)} of {len(keys)} keys")
    stores.delete(arena.servers.store, gone)
