"""What the chart gives to KEDA, Prometheus and Grafana, and the files that are made for it."""

import json
import re
import runpy
from pathlib import Path

import yaml

from streams.settings import Settings
from tests.support.charts import (
    CHART,
    ROOT,
    copied,
    faults,
    helm,
    named,
    objects,
    packaged,
    render,
    values_of,
)

PROMETHEUS = ROOT / "ops/prometheus"


def test_keda_counts_the_lag_that_the_workers_have() -> None:
    things = render(*values_of("full"))
    spec = named(things, "ScaledObject", "-worker")["spec"]
    (trigger,) = spec["triggers"]
    data = named(things, "ConfigMap", "-worker")["data"]
    assert trigger["metadata"]["topic"] == "staging.cricket.balls"
    assert trigger["metadata"]["bootstrapServers"] == data["OVERCAST_KAFKA"]
    assert trigger["metadata"]["consumerGroup"] == Settings.model_fields["group"].default
    assert spec["maxReplicaCount"] == 12 == int(data["OVERCAST_PARTITIONS"])
    assert "replicas" not in named(things, "Deployment", "-worker")["spec"]


def test_keda_comes_to_a_secured_kafka_as_the_workers_do() -> None:
    things = render(*values_of("secured"))
    (trigger,) = named(things, "ScaledObject", "-worker")["spec"]["triggers"]
    assert (trigger["metadata"]["sasl"], trigger["metadata"]["tls"]) == ("scram_sha512", "enable")
    access = named(things, "TriggerAuthentication", "-worker")["spec"]
    assert trigger["authenticationRef"]["name"] == "live-overcast-worker"
    taken = {each["parameter"]: (each["name"], each["key"]) for each in access["secretTargetRef"]}
    assert taken == {
        "password": ("overcast-worker", "kafka_password"),
        "ca": ("overcast-authority", "ca.crt"),
    }
    (user,) = access["configMapTargetRef"]
    assert named(things, "ConfigMap", user["name"])["data"][user["key"]] == "worker"


def test_prometheus_gets_the_very_rules_that_compose_uses() -> None:
    things = render(*values_of("full"))
    rules = named(things, "PrometheusRule", "live-cricket")["spec"]["groups"]
    files = [yaml.safe_load((PROMETHEUS / f"{n}.yml").read_text()) for n in ("recording", "alerts")]
    assert rules == [group for file in files for group in file["groups"]]


def test_monitors_name_jobs_as_the_rules_know_them() -> None:
    things = render(*values_of("full"))
    monitors = [thing for thing in things if thing["kind"] in {"PodMonitor", "ServiceMonitor"}]
    ends = [m["spec"].get("podMetricsEndpoints", m["spec"].get("endpoints"))[0] for m in monitors]
    jobs = {end["relabelings"][0]["replacement"] for end in ends}
    known = re.findall(r"job_name: (\S+)", (PROMETHEUS / "prometheus.yml").read_text())
    assert jobs - {"overcast-archive"} == set(known)


def test_grafana_gets_the_very_dashboards_that_compose_uses() -> None:
    for path in sorted((ROOT / "ops/grafana/dashboards").glob("*.json")):
        config = named(render(*values_of("full")), "ConfigMap", f"dashboard-{path.stem}")
        text = config["data"][f"overcast-{path.stem}.json"]
        wanted = path.read_text().replace("overcast-prometheus", "prometheus")
        assert json.loads(text) == json.loads(wanted)


def test_a_packaged_chart_renders_as_the_folder_does(tmp_path: Path) -> None:
    package = packaged(tmp_path)
    done = helm("template", "live", package, "--namespace", "cricket", *values_of("full"))
    assert objects(done.stdout) == render(*values_of("full"))


def test_a_chart_with_a_slip_of_the_pen_does_not_pass(tmp_path: Path) -> None:
    chart = copied(tmp_path)
    template = chart / "templates/worker.yaml"
    template.write_text(template.read_text().replace("maxSurge", "maxSurges"))
    done = helm("template", "live", chart)
    said = [fault for thing in objects(done.stdout) for fault in faults(thing)]
    assert any("maxSurges" in fault for fault in said)


def test_values_schema_and_readme_are_as_the_code_makes_them() -> None:
    made = runpy.run_path(str(ROOT / "ops/helm/make_chart.py"))["files"]()
    for path, text in made.items():
        assert path.read_text() == text, f"{path.name} is old: make chart"


def test_chart_and_code_have_one_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    project = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert project
    assert chart["version"] == chart["appVersion"] == project[1]
