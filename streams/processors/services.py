"""The settings, models and clients that the processors of a worker share."""

from dataclasses import dataclass, field
from threading import Lock

from features.store import OnlineStore
from streams.kafka.fenced_producer import ClaimProducer
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import Producer
from streams.kafka.size_limits import SizeLimits
from streams.models.registry import InstalledModels
from streams.observability.tracing import Tracing
from streams.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """Settings, models and clients of a worker.

    `producer` sends what any worker may send; `claim_producer` makes a producer with which only the
    newest claimant of its name can send. `computing` is held while a partition computes, and never
    while it waits for Kafka or Redis: Python runs one thread at a time anyway, and eight threads
    that compete for it were half as fast as one. With the lock they are faster than one, since one
    computes while another waits.
    """

    settings: Settings
    models: InstalledModels
    store: OnlineStore
    producer: Producer
    claim_producer: ClaimProducer
    log_reader: LogReader
    tracing: Tracing | None = None
    limits: SizeLimits = field(default_factory=SizeLimits)
    computing: Lock = field(default_factory=Lock)
