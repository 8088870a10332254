"""Where a message lies in Kafka, and which code made it."""

import msgspec

CODE_VERSION = "0.1.0"


class Source(msgspec.Struct, frozen=True, gc=False):
    """Where in Kafka the message lies that this was made from."""

    topic: str
    partition: int
    offset: int
