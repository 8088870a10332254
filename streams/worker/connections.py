"""What librdkafka's statistics say of its connections."""

import msgspec


class _Place(msgspec.Struct):
    partition: int


class _Broker(msgspec.Struct):
    """A broker, whether it is connected, and the partitions that are fetched from it."""

    state: str
    toppars: dict[str, _Place] = {}


class _Statistics(msgspec.Struct):
    """The part of librdkafka's statistics that says what is connected."""

    brokers: dict[str, _Broker] = {}


_STATISTICS = msgspec.json.Decoder(_Statistics)
UP = "UP"


def connected_partitions(statistics: str) -> frozenset[int]:
    """The partitions of a consumer of one topic whose brokers are connected."""
    brokers = _STATISTICS.decode(statistics).brokers.values()
    up = (broker.toppars.values() for broker in brokers if broker.state == UP)
    return frozenset(place.partition for places in up for place in places)
