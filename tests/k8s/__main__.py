"""`make k8s-test`: the chart on a real control plane, KEDA scaling real workers by real lag."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.circumstances import commit, machine
from overcast.embedded.servers import Addresses, running_servers
from streams.failure import run
from tests.fire.timeline import Timeline
from tests.k8s import renderings
from tests.k8s.control_plane import ControlPlane
from tests.k8s.installation import NAMESPACE, Installation
from tests.k8s.kubelet import Kubelet
from tests.k8s.processes import Processes
from tests.k8s.scaling import Outcome, Scaling
from tests.support.charts import ROOT

RESULT = Path("build/k8s.json")


class Run:
    """One run in a folder of its own."""

    def __init__(self, binaries: Path, folder: Path, given: argparse.Namespace) -> None:
        self._binaries, self._folder, self._given = binaries, folder, given
        self._line = Timeline(echo=True)
        self.outcome = Outcome()

    def __call__(self) -> None:
        """Start everything, test it, end everything."""
        with ExitStack() as stack:
            processes = Processes(self._folder)
            stack.callback(processes.stop)
            plane = ControlPlane(self._binaries, self._folder, processes)
            stack.callback(plane.api.close)
            servers = stack.enter_context(running_servers(self._line.note))
            plane.start()
            plane.start_keda()
            self._line.note("etcd, API server, controllers and KEDA are there")
            self._chart(plane)
            if not self._given.only_chart:
                self._scale(stack, plane, servers)

    def _chart(self, plane: ControlPlane) -> None:
        renderings.prepare(plane.api, renderings.NAMESPACE)
        self._line.note(f"{renderings.taken(plane.api)} objects of the chart are taken, strictly")
        self._line.note(f"{len(renderings.refused(plane.api))} spoilt ones are refused")

    def _scale(self, stack: ExitStack, plane: ControlPlane, servers: Addresses) -> None:
        renderings.prepare(plane.api, NAMESPACE)
        pods = self._folder / "pods"
        pods.mkdir()
        kubelet = Kubelet(plane.api, NAMESPACE, pods)
        stack.callback(kubelet.stop)
        kubelet.start()
        installation = Installation(plane.api, kubelet, servers, self._folder)
        stack.callback(installation.close)
        installation.install()
        scaling = Scaling(installation, kubelet, self._line, self._given.rate)
        self.outcome = scaling.run(self._given.restarts)


def main() -> None:
    """One run; exit 1 if something was not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second")
    parser.add_argument("--restarts", type=int, default=1, help="of all workers, in the end")
    parser.add_argument("--only-chart", action="store_true", help="scale nothing")
    given = parser.parse_args()
    began, folder = time.monotonic(), Path(tempfile.mkdtemp(prefix="overcast-k8s-"))
    test = Run(_binaries(), folder, given)
    try:
        test()
    except BaseException:
        print(f"logs: {folder}")
        raise
    outcome = test.outcome
    _write(outcome, given.rate, time.monotonic() - began)
    print(_table(outcome))
    if outcome.wrong:
        print(*outcome.wrong, f"logs: {folder}", sep="\n")
        sys.exit(1)
    shutil.rmtree(folder)


def _binaries() -> Path:
    """Where they are; built first, if they are not there yet."""
    command = [sys.executable, ROOT / "ops/k8s/build.py"]
    made = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if made.returncode:
        sys.exit(made.returncode)
    return Path(made.stdout.strip())


def _write(outcome: Outcome, rate: float, seconds: float) -> None:
    verdict, ends = (
        outcome.verdict,
        [r.ended - r.asked_to_end for r in outcome.ran if r.asked_to_end],
    )
    figures: dict[str, Any] = {
        "commit": commit(),
        "machine": machine(),
        "seconds": round(seconds, 1),
        "rate": rate,
        "steps": outcome.steps,
        "phases": [vars(phase) for phase in outcome.phases],
        "balls": verdict.balls,
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "mismatched": verdict.mismatched,
        "matches": verdict.matches,
        "labels_learned": verdict.learned,
        "workers_ended": len(ends),
        "seconds_to_end": round(max(ends, default=0.0), 1),
        "shadow": {name: outcome.shadow.get(name) for name in ("balls", "questions", "equal")},
        "wrong": outcome.wrong,
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=2) + "\n")


def _table(outcome: Outcome) -> str:
    """For people, in Markdown."""
    rows = [
        f"| {p.name} | {p.ended / 1e3 - p.began / 1e3:.0f} s | {p.balls} | {p.p50:.0f} ms "
        f"| {p.p99:.0f} ms | {p.longest / 1e3:.1f} s |"
        for p in outcome.phases
    ]
    v = outcome.verdict
    said = (
        f"{v.balls:,} balls: {v.lost} lost, {v.doubled} doubled, {v.mismatched} mismatched; "
        f"of {outcome.shadow.get('balls', 0):,} compared by a shadow "
        f"{outcome.shadow.get('differing', 0)} differ."
    )
    head = "| | took | balls | p50 | p99 | longest wait |\n|---|---|---|---|---|---|"
    return "\n".join(["", head, *rows, "", said])


if __name__ == "__main__":
    run(main)
