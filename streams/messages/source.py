"""Where a message lies in Kafka, and which code made it."""

import msgspec

CODE_VERSION = "0.2.0"


class Source(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Where in Kafka the message lies that this was made from.

    `log` is the topic's id, `appended` the message's timestamp in ms since 1970, on `cricket.balls`
    when Kafka appended it. They tell logs apart that had the same name one after the other: a topic
    that is deleted and made again counts its offsets from 0. Left out if unknown.
    """

    topic: str
    partition: int
    offset: int
    appended: int = 0
    log: str = ""
