"""100,000 matches that one hostile feed invents: what they cost the worker and Redis."""

from itertools import chain
from typing import Any

import msgspec

from benchmarks.candidates import FAUST
from benchmarks.load import simulated
from benchmarks.trial import MEGABYTE, await_, cost, deployment, send, started
from consumers.audit.consumer_group import WorkerGroup
from features.store_client import redis_client
from overcast.embedded.servers import Addresses
from streams.messages.events import MatchStarted, decode, encode

INVENTED = 100_000


def flood(addresses: Addresses) -> dict[str, Any]:
    """Memory in MB before and after as many starts of matches as many balls of others."""
    settings, calm = deployment(addresses), simulated(20, 2_000).messages
    client = redis_client(addresses.redis)
    with started(FAUST, settings) as processes, WorkerGroup(settings) as group:
        await_(group.ready, processes)
        send(settings, calm)
        await_(group.done, processes)
        before, held = cost(processes), client.info("memory")["used_memory"]
        send(settings, invented(calm[0][1]))
        await_(group.done, processes)
        after, holds = cost(processes), client.info("memory")["used_memory"]
    return {
        "invented": INVENTED,
        "worker": [before.megabytes, after.megabytes],
        "redis": [held / MEGABYTE, holds / MEGABYTE],
        "cpu_seconds": after.seconds - before.seconds,
    }


def invented(start: bytes) -> list[tuple[bytes, bytes]]:
    """Half of them start, half are never started; each has one message."""
    event = decode(start)
    assert isinstance(event, MatchStarted)
    names = (f"flood-{number}" for number in range(INVENTED // 2))
    begun = (msgspec.structs.replace(event, match_id=name) for name in names)
    lost = (
        start.replace(event.match_id.encode(), b"nobody-%d" % number).replace(
            b'"seq":0', b'"seq":7'
        )
        for number in range(INVENTED // 2)
    )
    values = chain(map(encode, begun), lost)
    return [(b"%d" % place, value) for place, value in enumerate(values)]
