"""The chart installed in the test's cluster, and what can be asked of it."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from consumers.audit.consumer_group import WorkerGroup
from overcast.embedded.servers import Addresses
from streams.kafka.topics import BALLS
from streams.settings import Settings
from tests.k8s.api import Api
from tests.k8s.kubelet import Kubelet
from tests.k8s.processes import until
from tests.support.charts import CHART, Thing

NAMESPACE, RELEASE = "cricket", "live"
PARTITIONS = 4
# Quick, so that the test is short; the chart's own windows are minutes.
KEDA = {
    "enabled": True,
    "lagThreshold": 1_000,
    "pollingInterval": 2,
    "up": {"windowSeconds": 0, "pods": 4, "periodSeconds": 15},
    "down": {"windowSeconds": 45, "pods": 1, "periodSeconds": 15},
}
CHANGED = "test/restarted"  # an annotation of Pods


class Installation:
    """One release: its settings, its Deployment and its ScaledObject."""

    def __init__(self, api: Api, kubelet: Kubelet, servers: Addresses, folder: Path) -> None:
        self._api, self._kubelet = api, kubelet
        self._folder = folder
        shared = {"kafka": servers.kafka, "redis": servers.redis}
        self._given = {**shared, "partitions": PARTITIONS, "replication": 1, "snapshot_every": 25}
        self.settings = Settings(**self._given)
        self._group = WorkerGroup(self.settings)

    def values(self) -> Thing:
        """The values of the installation."""
        return {
            "settings": self._given,
            "dashboard": {"enabled": False},
            "worker": {"terminationGracePeriodSeconds": 60},
            "keda": KEDA,
        }

    def install(self) -> None:
        """Install the chart as a user does."""
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", dir=self._folder) as file:
            yaml.safe_dump(self.values(), file)
            file.flush()
            flags = ["--namespace", NAMESPACE, "--values", file.name]
            self._api.helm("upgrade", "--install", RELEASE, CHART, *flags)

    def restart(self, times: int) -> None:
        """Replace every worker, as `kubectl rollout restart` does."""
        change = {"template": {"metadata": {"annotations": {CHANGED: str(times)}}}}
        self._api.patch(self._path("apps/v1", "deployments"), {"spec": change})

    def hold(self, replicas: int) -> None:
        """Let KEDA keep a number of workers."""
        paused = {"autoscaling.keda.sh/paused-replicas": str(replicas)}
        change = {"metadata": {"annotations": paused}}
        self._api.patch(self._path("keda.sh/v1alpha1", "scaledobjects"), change)

    def _path(self, api: str, kind: str) -> str:
        return f"/apis/{api}/namespaces/{NAMESPACE}/{kind}/{RELEASE}-overcast-worker"

    def replicas(self) -> int:
        """How many workers the Deployment is to have."""
        return int(self._deployment()["spec"].get("replicas", 1))

    def rolled_out(self) -> bool:
        """Whether all workers are of the newest template, and ready."""
        thing = self._deployment()
        wanted, status = thing["spec"]["replicas"], thing.get("status", {})
        seen = status.get("observedGeneration") == thing["metadata"]["generation"]
        counts = (status.get(name, 0) for name in ("replicas", "updatedReplicas", "readyReplicas"))
        return seen and all(count == wanted for count in counts)

    def _deployment(self) -> Thing:
        found: Thing = self._api.get(self._path("apps/v1", "deployments"))
        return found

    def keda_is_ready(self) -> bool:
        """Whether KEDA has taken the trigger: what is wrong with it shows only here."""
        thing = self._api.get(self._path("keda.sh/v1alpha1", "scaledobjects")) or {}
        conditions = (thing.get("status") or {}).get("conditions") or []
        return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)

    def await_workers(self, count: int) -> None:
        """Wait until so many workers own partitions, and are ready."""
        until(lambda: self.are(count), f"{count} workers")

    def are(self, count: int) -> bool:
        """Whether so many workers own partitions, and are ready."""
        return self._workers() == (count, count)

    def await_fewer_workers(self, count: int) -> None:
        """Wait until no more than so many own the partitions: KEDA may be on its way down."""
        until(lambda: 0 < max(self._workers()) <= count, f"{count} workers")

    def _workers(self) -> tuple[int, int]:
        """How many own partitions, and how many say that they are ready; 0 while it changes."""
        assert self._kubelet.error is None, self._kubelet.error
        owners = [owned for owned in self._group.owners().values() if owned]
        return len(owners), len(self._kubelet.ready())

    def done(self) -> bool:
        """Whether everything in the log has been worked on."""
        return self._group.done()

    def lag(self) -> int | None:
        """Messages that wait, if anybody can say."""
        return self._group.left(BALLS)

    def shadow(self) -> Thing:
        """What `overcast shadow` says of everything that the workers have answered."""
        file = self._folder / "shadow.json"
        environment = os.environ | self.settings.as_environment(self._given)
        command = [sys.executable, "-m", "overcast", "shadow", "--json", file]
        said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert file.is_file(), said.stderr
        figures: Thing = json.loads(file.read_text())
        assert figures["equal"] is (said.returncode == 0), said.stdout
        return figures

    def close(self) -> None:
        """Disconnect."""
        self._group.close()
