"""Every rendering of the chart before the real API server: what it takes, and what it refuses."""

import copy
import json
from collections.abc import Iterator

from tests.k8s.api import Api
from tests.support.charts import RENDERINGS, Thing, named, pods, render, values_of

NAMESPACE = "renderings"
RESTRICTED = "pod-security.kubernetes.io/enforce"
STRICT = ("apply", "--dry-run=server", "--validate=strict", "--filename", "-")


def prepare(api: Api, namespace: str) -> None:
    """A namespace whose Pods must be restricted; they need a ServiceAccount to be judged."""
    labels = {RESTRICTED: "restricted", f"{RESTRICTED}-version": "latest"}
    name = {"name": namespace, "labels": labels}
    api.post("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": name})


def taken(api: Api) -> int:
    """Send every rendering, and every Pod that it would make; return how many objects that was."""
    count = 0
    for rendering in RENDERINGS:
        things = render(*values_of(rendering), namespace=NAMESPACE)
        accounts = [thing for thing in things if thing["kind"] == "ServiceAccount"]
        made = api.kubectl("apply", "--filename", "-", given=_listed(accounts))
        assert made.returncode == 0, made.stderr
        sent = [*things, *_single_pods(things)]
        said = api.kubectl(*STRICT, given=_listed(sent))
        assert said.returncode == 0, f"{rendering}\n{said.stderr}"
        assert "Warning" not in said.stderr, f"{rendering}\n{said.stderr}"
        count += len(sent)
    return count


def _single_pods(things: list[Thing]) -> Iterator[Thing]:
    """Each Pod by itself: of a Deployment the API server only warns."""
    for number, template in enumerate(pods(things).values()):
        pod = copy.deepcopy(template)
        pod["metadata"] |= {"name": f"judged-{number}", "namespace": NAMESPACE}
        if pod["spec"].get("priorityClassName"):  # the test's cluster has none of yours
            del pod["spec"]["priorityClassName"]
        names = {mount["name"] for mount in pod["spec"]["containers"][0]["volumeMounts"]}
        missing = names - {volume["name"] for volume in pod["spec"]["volumes"]}
        pod["spec"]["volumes"] += [{"name": name, "emptyDir": {}} for name in sorted(missing)]
        yield {"apiVersion": "v1", "kind": "Pod", **pod}


def refused(api: Api) -> list[str]:
    """Spoil one object after the other; return the server's words on each."""
    return [_refusal(api, *spoilt) for spoilt in _spoilt()]


def _spoilt() -> Iterator[tuple[Thing, str]]:
    """Objects with a mistake, and what is said of each."""
    things = render(*values_of("full"), namespace=NAMESPACE)

    def of(kind: str, name: str) -> Thing:
        return copy.deepcopy(named(things, kind, name))

    budget = of("PodDisruptionBudget", "-worker")
    budget["spec"]["maxUnavailabel"] = 1
    yield budget, 'unknown field "spec.maxUnavailabel"'
    scaled = of("ScaledObject", "-worker")
    scaled["spec"]["coolDownPeriod"] = 5
    yield scaled, 'unknown field "spec.coolDownPeriod"'
    scaled = of("ScaledObject", "-worker")
    scaled["spec"]["pollingInterval"] = "two"
    yield scaled, "must be of type integer"
    monitor = of("PodMonitor", "-worker")
    monitor["spec"]["podMetricsEndpoints"][0]["interval"] = "15 s"
    yield monitor, "should match"
    pod = next(_single_pods(things))
    del pod["spec"]["securityContext"]
    yield pod, 'violates PodSecurity "restricted:latest"'


def _refusal(api: Api, thing: Thing, words: str) -> str:
    said = api.kubectl(*STRICT, given=json.dumps(thing))
    assert said.returncode != 0, f"taken, but not: {words}"
    assert words in said.stderr, said.stderr
    return words


def _listed(things: list[Thing]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": things})
