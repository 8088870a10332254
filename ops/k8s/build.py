"""Build a Kubernetes control plane and KEDA from their Go modules, once, into the user's cache.

No container and no registry: etcd, kube-apiserver, kube-controller-manager, KEDA's operator and
its metrics adapter become ordinary binaries, which `make k8s-test` starts on the loopback. go.mod
and go.sum beside this file pin every module; KEDA, of which only some scalers are compiled, is
compared with its sum below.

    python ops/k8s/build.py            # builds what is missing, prints the folder
    python ops/k8s/build.py --check    # exit code 1 if something is missing
    python ops/k8s/build.py --crds     # writes crds.json again: what KEDA and Prometheus define
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
KEDA = "github.com/kedacore/keda/v2"
KEDA_PIN = ("v2.21.0", "h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=")
PROMETHEUS = "github.com/prometheus-operator/prometheus-operator"
PROMETHEUS_PIN = ("v0.85.0", "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=")
KUBERNETES_VERSION = "1.36.3"
# What else KEDA can scale by pulls in the clients of every cloud: half of all that is compiled.
SCALERS = {
    "apache_kafka_scaler.go",
    "cpu_memory_scaler.go",
    "cron_scaler.go",
    "kafka_scaler.go",
    "scaler.go",
}
TRIGGERS = {"apache-kafka", "cpu", "cron", "kafka", "memory"}
VERSION = "k8s.io/component-base/version"
LINKED = (
    f"-s -w -X {VERSION}.gitVersion=v{KUBERNETES_VERSION}"
    f" -X {VERSION}.gitMajor=1 -X {VERSION}.gitMinor={KUBERNETES_VERSION.split('.')[1]}"
)
BINARIES = {  # in this order, each adds least to what is compiled already
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "etcd": "go.etcd.io/etcd/server/v3",
    "keda-operator": f"{KEDA}/cmd/operator",
    "keda-adapter": f"{KEDA}/cmd/adapter",
}
KEDA_CRDS = "config/crd/bases"
CHART_CRDS = {  # of the kinds that the chart makes
    KEDA: (KEDA_CRDS, ("keda.sh_scaledobjects", "keda.sh_triggerauthentications")),
    PROMETHEUS: (
        "example/prometheus-operator-crd",
        tuple(
            f"monitoring.coreos.com_{each}"
            for each in ("podmonitors", "prometheusrules", "servicemonitors")
        ),
    ),
}
GO = {
    "GOFLAGS": "-mod=readonly -modcacherw -buildvcs=false",
    "GOTOOLCHAIN": "local",
    "CGO_ENABLED": "0",
    "GOWORK": "off",
}


class LacksError(Exception):
    """What the build needs and does not find."""


def cache() -> Path:
    """Where these binaries are kept: other modules or other parts of them are another folder."""
    digest = hashlib.sha256(repr((KEDA_PIN, sorted(SCALERS), LINKED, BINARIES)).encode())
    for name in ("go.mod", "go.sum"):
        digest.update((HERE / name).read_bytes())
    own = os.environ.get("OVERCAST_CACHE_DIR")
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (Path(own) if own else user / "overcast") / "k8s" / digest.hexdigest()[:16]


def missing(folder: Path) -> list[str]:
    """Binaries that are still to be built; the CRDs come before all of them."""
    return [name for name in BINARIES if not (folder / "bin" / name).is_file()]


def go(*arguments: str, at: Path) -> str:
    """Run the go command; its errors are the reader's."""
    if not shutil.which("go"):
        raise LacksError("make k8s-test needs Go 1.26 or later to build a Kubernetes control plane")
    environment = {
        **os.environ,
        **GO,
        "GOFLAGS": f"{GO['GOFLAGS']} {os.environ.get('GOFLAGS', '')}",
    }
    done = subprocess.run(  # noqa: S603
        ["go", *arguments],  # noqa: S607
        cwd=at,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LacksError(f"go {' '.join(arguments)} ended with {done.returncode}")
    return done.stdout


def fetched(module: str, pin: tuple[str, str], at: Path) -> Path:
    """The folder of a module as the proxy has it, if it is the one that is pinned."""
    at.mkdir(parents=True, exist_ok=True)
    (at / "go.mod").write_text("module overcast.test/fetch\n")
    version, pinned = pin
    got = json.loads(go("mod", "download", "-json", f"{module}@{version}", at=at))
    if got["Sum"] != pinned:
        raise LacksError(f"{module} {version} is {got['Sum']}, but {pinned} is pinned")
    return Path(got["Dir"])


def lean_keda(source: Path, to: Path) -> None:
    """A copy of KEDA with the scalers of SCALERS only; what decides on replicas is untouched."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source, to, ignore=shutil.ignore_patterns("*_test.go", "tests", "vendor"))
    for file in (to / "pkg/scalers").glob("*.go"):
        if file.name not in SCALERS:
            file.unlink()
    builder = to / "pkg/scaling/scalers_builder.go"
    builder.chmod(0o644)
    builder.write_text(lean_switch(builder.read_text()))


def lean_switch(text: str) -> str:
    """The switch over triggers without the cases whose scalers were left out."""
    head, switch = text.split("// TRIGGERS-START", 1)
    switch, tail = switch.split("default:", 1)
    first, *cases = re.split(r"(?m)^\tcase ", switch)
    kept = [
        case for case in cases if re.findall(r'"([^"]+)"', case.split(":", 1)[0])[0] in TRIGGERS
    ]
    return (
        head
        + "// TRIGGERS-START"
        + "".join([first, *(f"\tcase {case}" for case in kept)])
        + (f"\tdefault:{tail}")
    )


def build(folder: Path, wanted: list[str]) -> None:
    """Compile what is wanted; each binary is in its place only when it is whole."""
    work = folder / "src"
    keda = fetched(KEDA, KEDA_PIN, folder / "fetch")
    lean_keda(keda, work / "keda")
    shutil.copytree(keda / KEDA_CRDS, folder / "crds", dirs_exist_ok=True)
    for name in ("go.mod", "go.sum"):
        shutil.copy(HERE / name, work / name)
    (folder / "bin").mkdir(exist_ok=True)
    for name in wanted:
        began = time.monotonic()
        half = folder / f"{name}.half"
        go("build", "-trimpath", "-ldflags", LINKED, "-o", str(half), BINARIES[name], at=work)
        half.rename(folder / "bin" / name)
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)  # noqa: T201


def write_crds(at: Path) -> None:
    """The definitions that the chart's objects are judged by, without their descriptions."""
    import yaml  # noqa: PLC0415  the build itself needs the standard library only

    definitions = []
    for module, pin in ((KEDA, KEDA_PIN), (PROMETHEUS, PROMETHEUS_PIN)):
        where, names = CHART_CRDS[module]
        folder = fetched(module, pin, at) / where
        definitions += [
            bare(yaml.safe_load((folder / f"{name}.yaml").read_text())) for name in names
        ]
    (HERE / "crds.json").write_text(json.dumps(definitions, separators=(",", ":")) + "\n")


def bare(node: Any) -> Any:
    """A definition without descriptions, which are most of it."""
    if isinstance(node, list):
        return [bare(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {k: bare(v) for k, v in node.items() if k != "description" or not isinstance(v, str)}


def main(arguments: list[str]) -> int:
    """Build what is missing and print the folder."""
    folder = cache()
    wanted = missing(folder)
    if wanted and "--check" in arguments:
        print(f"not built yet: {', '.join(wanted)}", file=sys.stderr)  # noqa: T201
        return 1
    try:
        if "--crds" in arguments:
            write_crds(folder / "fetch")
        elif wanted:
            build(folder, wanted)
    except LacksError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    print(folder)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
