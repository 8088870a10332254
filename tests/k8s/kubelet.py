"""A stand-in for the kubelet: each Pod is a process on this machine, as its spec says.

The process gets the environment, the Secrets and the arguments of the Pod, and a port of its own on
the loopback, since there is no network of its own. Its probe decides whether the Pod is ready; on
deletion it is sent TERM and has the grace period to end.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from overcast.embedded.children import free_ports
from tests.k8s.api import Api
from tests.k8s.control_plane import NODE
from tests.support.charts import Thing

LOOK_SECONDS = 0.3
PROBE_SECONDS = 2.0
TERMINAL = ("Succeeded", "Failed")


@dataclass
class Ran:
    """A process that has ended, and when its Pod came and went, by this machine's clock."""

    pod: str
    code: int
    started: float
    asked_to_end: float
    ended: float


@dataclass
class Running:
    """A Pod's process, and what of the Pod was reported last."""

    process: subprocess.Popen[bytes]
    port: int
    started: float
    reported: tuple[object, ...] = ()
    restarts: int = 0
    ended_at: float = 0.0  # when TERM was sent
    ready_at: float = 0.0
    files: list[Path] = field(default_factory=list)


class Kubelet(threading.Thread):
    """Runs the Pods of one namespace until stopped."""

    def __init__(self, api: Api, namespace: str, folder: Path) -> None:
        super().__init__(name="kubelet", daemon=True)
        self._api, self._folder = api, folder
        self._pods = f"/api/v1/namespaces/{namespace}/pods"
        self._namespace = namespace
        self._processes: dict[str, Running] = {}
        self._stopped = threading.Event()
        self.ran: list[Ran] = []
        self.error: Exception | None = None

    def run(self) -> None:
        """Look after the Pods; an error of its own ends it, and is kept."""
        try:
            while not self._stopped.wait(LOOK_SECONDS):
                self.look()
        except Exception as error:  # noqa: BLE001  whoever waits for Pods is to hear of it
            self.error = error

    def look(self) -> None:
        """One round: what is new is started, what is to go is ended, changes are reported."""
        pods = {pod["metadata"]["name"]: pod for pod in self._api.get(self._pods)["items"]}
        for name, pod in pods.items():
            if pod.get("status", {}).get("phase") not in TERMINAL:
                self._tend(name, pod)
            elif pod["metadata"].get("deletionTimestamp"):
                self._api.delete(f"{self._pods}/{name}")
        for name in self._processes.keys() - pods.keys():
            self._finish(name, self._processes[name])

    def ready(self) -> list[str]:
        """The Pods whose process says that it is ready."""
        return [name for name, running in list(self._processes.items()) if running.ready_at]

    def _tend(self, name: str, pod: Thing) -> None:
        running = self._processes.get(name)
        if running is None:
            if pod["metadata"].get("deletionTimestamp"):
                self._api.delete(f"{self._pods}/{name}")
                return
            running = self._processes[name] = self._begin(name, pod)
        if pod["metadata"].get("deletionTimestamp"):
            self._end(name, pod, running)
        elif running.process.poll() is not None:
            self._ended(name, pod, running)
        else:
            self._report(name, pod, running)

    def _begin(self, name: str, pod: Thing) -> Running:
        """Bind the Pod to the node, and start its process."""
        if not pod["spec"].get("nodeName"):
            target = {"kind": "Node", "apiVersion": "v1", "name": NODE}
            binding = {"kind": "Binding", "apiVersion": "v1", "metadata": {"name": name}}
            self._api.post(f"{self._pods}/{name}/binding", {**binding, "target": target})
        (port,) = free_ports(1)
        (container,) = pod["spec"]["containers"]
        command = [sys.executable, "-m", "overcast", *container["args"]]
        with (self._folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(name, pod, port),
            )
        return Running(process, port, time.time())

    def _environment(self, name: str, pod: Thing, port: int) -> dict[str, str]:
        """What the container would see, with the port and the folders of this process."""
        (container,) = pod["spec"]["containers"]
        mine = {k: v for k, v in os.environ.items() if not k.startswith("OVERCAST_")}
        for source in container.get("envFrom", ()):
            path = f"/api/v1/namespaces/{self._namespace}/configmaps/"
            mine |= self._api.get(path + source["configMapRef"]["name"])["data"]
        mine |= {each["name"]: each["value"] for each in container.get("env", ())}
        mine |= {"OVERCAST_METRICS_HOST": "127.0.0.1", "OVERCAST_METRICS_PORT": str(port)}
        mine["OVERCAST_LOG_FORMAT"] = "json"
        mine["OVERCAST_SNAPSHOT_STORE"] = str(self._folder / name / "models")
        for mount in container.get("volumeMounts", ()):
            here = self._volume(name, pod, mount["name"])
            mine = {k: v.replace(mount["mountPath"], str(here)) for k, v in mine.items()}
        return mine

    def _volume(self, pod_name: str, pod: Thing, volume_name: str) -> Path:
        """The folder that stands for a volume; a Secret's holds its files."""
        here = self._folder / pod_name / volume_name
        here.mkdir(parents=True, exist_ok=True)
        (volume,) = [v for v in pod["spec"]["volumes"] if v["name"] == volume_name]
        if "secret" in volume:
            path = f"/api/v1/namespaces/{self._namespace}/secrets/{volume['secret']['secretName']}"
            for key, value in self._api.get(path)["data"].items():
                (here / key).write_bytes(b64decode(value))
        return here

    def _end(self, name: str, pod: Thing, running: Running) -> None:
        """TERM once, KILL after the grace period; the Pod is gone when its process is."""
        grace = pod["metadata"].get("deletionGracePeriodSeconds", 30)
        if not running.ended_at:
            running.ended_at = time.time()
            running.ready_at = 0.0
            with suppress(ProcessLookupError):
                running.process.send_signal(signal.SIGTERM)
        elif running.process.poll() is not None:
            self._finish(name, running)
            self._api.delete(f"{self._pods}/{name}")
        elif time.time() - running.ended_at > grace:
            running.process.kill()

    def _finish(self, name: str, running: Running) -> None:
        if running.process.poll() is None:
            running.process.kill()
        code = running.process.wait()
        self.ran.append(Ran(name, code, running.started, running.ended_at, time.time()))
        self._processes.pop(name, None)

    def _ended(self, name: str, pod: Thing, running: Running) -> None:
        """A process that ended by itself: started again, or the Pod is done."""
        policy, code = pod["spec"].get("restartPolicy", "Always"), running.process.returncode
        if policy == "Always" or (policy == "OnFailure" and code):
            again = self._begin(name, pod)
            again.restarts = running.restarts + 1
            self._processes[name] = again
            return
        phase = "Failed" if code else "Succeeded"
        self._api.patch(f"{self._pods}/{name}/status", {"status": {"phase": phase}})
        self._finish(name, running)

    def _report(self, name: str, pod: Thing, running: Running) -> None:
        """Tell the API server how the Pod is, if that has changed."""
        probe = pod["spec"]["containers"][0].get("readinessProbe")
        well = probe is None or self._answers(running.port, probe["httpGet"]["path"])
        if well and not running.ready_at:
            running.ready_at = time.time()
        elif not well:
            running.ready_at = 0.0
        now = ("Running", well, running.restarts)
        if now != running.reported:
            running.reported = now
            self._api.patch(f"{self._pods}/{name}/status", {"status": _status(pod, running)})

    @staticmethod
    def _answers(port: int, path: str) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=PROBE_SECONDS):
                return True
        except (URLError, OSError):
            return False

    def stop(self) -> None:
        """End every process."""
        self._stopped.set()
        self.join()
        for running in self._processes.values():
            with suppress(ProcessLookupError):
                running.process.send_signal(signal.SIGTERM)
        for name, running in list(self._processes.items()):
            with suppress(subprocess.TimeoutExpired):
                running.process.wait(30)
            self._finish(name, running)


def _status(pod: Thing, running: Running) -> Thing:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(running.started))
    well = bool(running.ready_at)
    (container,) = pod["spec"]["containers"]
    words = {"status": "True" if well else "False", "lastTransitionTime": stamp}
    kinds = ("Ready", "ContainersReady")
    return {
        "phase": "Running",
        "podIP": "127.0.0.1",
        "startTime": stamp,
        "conditions": [{"type": kind, **words} for kind in kinds],
        "containerStatuses": [
            {
                "name": container["name"],
                "image": container["image"],
                "imageID": "",
                "ready": well,
                "started": True,
                "restartCount": running.restarts,
                "state": {"running": {"startedAt": stamp}},
            }
        ],
    }
