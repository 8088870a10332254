"""The Helm chart as tests see it: rendered by Helm, judged by Kubernetes' own schemas."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from jsonschema import Draft202012Validator

from tests.support.tools import tool

ROOT = Path(__file__).parents[2]
CHART = ROOT / "ops/helm/overcast"
EXAMPLES = ROOT / "ops/helm/examples"
CRDS = ROOT / "ops/k8s/crds.json"
KUBERNETES = "1.36"  # of the schemas, and of the control plane of `make k8s-test`
RENDERINGS = ("default", *sorted(path.stem for path in EXAMPLES.glob("*.yaml")))

Thing = dict[str, Any]  # an object of Kubernetes


@cache
def program(name: str) -> str:
    """Where helm or kubectl is: out of the wheel of the lock, or installed."""
    command = [sys.executable, ROOT / "ops/helm/tools.py"]
    brought = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{brought.stdout.strip()}/{name}" if brought.returncode == 0 else tool(name)


def helm(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run Helm, whatever comes of it."""
    command = [program("helm"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def values_of(rendering: str) -> list[str | Path]:
    """The flags that give a rendering its values; the default has none."""
    return [] if rendering == "default" else ["--values", EXAMPLES / f"{rendering}.yaml"]


def render(*flags: str | Path, release: str = "live", namespace: str = "cricket") -> list[Thing]:
    """The objects of an installation."""
    return objects(_rendered(release, namespace, flags))


@cache
def _rendered(release: str, namespace: str, flags: tuple[str | Path, ...]) -> str:
    done = helm("template", release, CHART, "--namespace", namespace, *flags)
    assert done.returncode == 0, done.stderr
    return done.stdout


def objects(text: str) -> list[Thing]:
    """The objects of a YAML text of several documents."""
    return [thing for thing in yaml.load_all(text, yaml.CSafeLoader) if thing]


def named(things: list[Thing], kind: str, name: str) -> Thing:
    """The one object of a kind whose name ends so."""
    (found,) = [t for t in things if t["kind"] == kind and t["metadata"]["name"].endswith(name)]
    return found


@cache
def custom_schemas() -> dict[tuple[str, str], Thing]:
    """Schemas of what is not Kubernetes' own, by version and kind."""
    found: dict[tuple[str, str], Thing] = {}
    for crd in json.loads(CRDS.read_text()):
        spec = crd["spec"]
        for version in spec["versions"]:
            schema = closed(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = schema
    return found


def closed(schema: Any) -> Any:
    """A schema that refuses what it does not name, as the API server's strict validation does."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    whole = {key: closed(value) for key, value in schema.items()}
    keeps = whole.get("x-kubernetes-preserve-unknown-fields")
    if isinstance(whole.get("properties"), dict) and whole.get("type") == "object" and not keeps:
        whole.setdefault("additionalProperties", False)
    if whole.pop("x-kubernetes-int-or-string", False):
        whole.pop("type", None)
    return whole


def faults(thing: Thing) -> Iterator[str]:
    """What the schema of an object's kind has against it."""
    version, kind = thing["apiVersion"], thing["kind"]
    if schema := custom_schemas().get((version, kind)):
        for error in Draft202012Validator(schema).iter_errors(thing):
            yield f"{kind} {error.json_path}: {error.message}"
        return
    try:
        kubernetes_validate.validate(thing, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{kind} {'.'.join(map(str, error.path))}: {error.message}"


def pods(things: list[Thing]) -> dict[str, Thing]:
    """The template of each Pod, by kind and name of what makes it."""
    found = {}
    for thing in things:
        spec = thing.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template:
            found[f"{thing['kind']}/{thing['metadata']['name']}"] = template
    return found


def packaged(to: Path) -> Path:
    """The chart as `helm package` makes it, for installation from a file."""
    done = helm("package", CHART, "--destination", to)
    assert done.returncode == 0, done.stderr
    return next(to.glob("overcast-*.tgz"))


def copied(to: Path) -> Path:
    """A copy of the chart, to spoil."""
    return Path(shutil.copytree(CHART, to / "overcast"))
