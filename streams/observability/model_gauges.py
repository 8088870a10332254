"""Gauges of the installed models, read at each scrape: version, age, and what they learned."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Protocol

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from learning.model.snapshot import Snapshot
from streams.messages.source import CODE_VERSION


class Serving(Protocol):
    """The holder of the snapshots that serve."""

    def serving(self) -> Iterable[tuple[Snapshot, float]]:
        """Each installed snapshot, and when it was installed (Unix seconds)."""


class ModelGauges(Collector):
    """One series of each kind for a model key: a version that is replaced is not shown any more."""

    def __init__(self, models: Serving) -> None:
        self._models = models

    def describe(self) -> Iterable[Metric]:
        """No metrics in advance: the check for names in use is not needed."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Version, time of installation, matches learned, date of the last one."""
        info = InfoMetricFamily("overcast_model", "The snapshot that serves", labels=["model_key"])
        kinds = {
            "installed": _gauge(
                "overcast_model_installed_timestamp_seconds", "Since when it serves"
            ),
            "matches": _gauge("overcast_model_trained_matches", "Matches it has learned"),
            "last": _gauge(
                "overcast_model_last_match_timestamp_seconds",
                "Date of the last match it has learned: how old its history features are",
            ),
        }
        for snapshot, installed in self._models.serving():
            key = [snapshot.key]
            info.add_metric(key, _version(snapshot))
            kinds["installed"].add_metric(key, installed)
            kinds["matches"].add_metric(key, snapshot.trained.matches)
            kinds["last"].add_metric(key, _seconds(snapshot.trained.last))
        yield info
        yield from kinds.values()


def _gauge(name: str, documentation: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, documentation, labels=["model_key"])


def _version(snapshot: Snapshot) -> dict[str, str]:
    return {
        "version": snapshot.version,
        "features": str(snapshot.feature_version),
        "code": CODE_VERSION,
    }


def _seconds(date: str) -> float:
    """Midnight UTC of an ISO date in Unix seconds; 0 without a date."""
    return datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp() if date else 0.0
