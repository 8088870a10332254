"""What a processor works with: clients, models, settings."""

from dataclasses import dataclass, field

from features.store import OnlineStore
from streams.kafka.fenced_producer import ClaimProducer
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import Producer
from streams.models.registry import InstalledModels
from streams.observability.tracing import Tracing
from streams.processors.compute_lock import ComputeLock
from streams.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """What a desk works with."""

    settings: Settings
    models: InstalledModels
    store: OnlineStore
    outbox: Producer
    claim: ClaimProducer
    journal: LogReader
    tracing: Tracing | None = None
    turns: ComputeLock = field(default_factory=ComputeLock)
