"""Which models answer the matches that are played now, as the newest predictions name them."""

from itertools import islice

import msgspec
from confluent_kafka import Message

from streams.kafka.log_reader import LogReader
from streams.kafka.topics import PREDICTIONS, real_name
from streams.settings import Settings

LOOKED_AT = 20  # newest predictions of each partition


class _Named(msgspec.Struct):
    model_key: str = ""  # a match's result names none


_DECODER = msgspec.json.Decoder(_Named)


def keys_in_play(log_reader: LogReader, settings: Settings) -> set[str]:
    """The model keys that were answered by last; none where nothing has been played."""
    topic = real_name(PREDICTIONS, settings)
    newest = (
        message
        for partition in log_reader.partitions(topic)
        for message in islice(log_reader.read_backwards(topic, partition, LOOKED_AT), LOOKED_AT)
    )
    return {key for message in newest if (key := _key(message))}


def _key(message: Message) -> str:
    try:
        return _DECODER.decode(message.value() or b"{}").model_key
    except msgspec.DecodeError:  # of a later version
        return ""
