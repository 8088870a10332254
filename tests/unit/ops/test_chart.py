"""The Helm chart: every rendering is what Kubernetes takes, and a slip of the pen is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from overcast.cli import app
from overcast.embedded.certificates import Authority
from streams.settings import Settings
from tests.support.charts import (
    CHART,
    RENDERINGS,
    Thing,
    faults,
    helm,
    named,
    pods,
    render,
    values_of,
)


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_helm_finds_nothing_wrong_with_the_chart(rendering: str) -> None:
    done = helm("lint", "--strict", CHART, *values_of(rendering))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_every_object_is_valid_by_the_strict_schema_of_its_kind(rendering: str) -> None:
    things = render(*values_of(rendering))
    assert [fault for thing in things for fault in faults(thing)] == []


def test_the_judge_of_schemas_sees_what_is_unknown_and_what_is_of_the_wrong_type() -> None:
    things = render(*values_of("full"))
    named(things, "PodDisruptionBudget", "-worker")["spec"]["maxUnavailabel"] = 1
    named(things, "ScaledObject", "-worker")["spec"]["coolDownPeriod"] = 5
    named(things, "ScaledObject", "-worker")["spec"]["pollingInterval"] = "two"
    named(things, "PodMonitor", "-worker")["spec"]["podMetricsEndpoints"][0]["interval"] = "15 s"
    said = "\n".join(fault for thing in things for fault in faults(thing))
    for word in (
        "maxUnavailabel",
        "coolDownPeriod",
        "'two' is not of type",
        "'15 s' does not match",
    ):
        assert word in said


SLIPS = {
    "settings.partitons=8": "/settings': additional properties 'partitons' not allowed",
    "worker.replcas=2": "/worker': additional properties 'replcas' not allowed",
    "settings.kafka_password=x": "/settings': additional properties 'kafka_password' not allowed",
    "secrets.values.kafka_pasword=x": "/secrets/values': additional properties 'kafka_pasword'",
    "worker.settings.replication=9": "/worker/settings/replication': maximum",
    "settings.metrics_port=1": "/settings': additional properties 'metrics_port' not allowed",
    "monitoring.interval=15 s": "/monitoring/interval': '15 s' does not match",
    "jobs.nightly.schedule=x": "/jobs/nightly': missing property 'args'",
    "image.digest=sha256:12": "/image/digest': 'sha256:12' does not match",
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_wrong_value_is_refused_with_its_path(slip: str) -> None:
    done = helm("template", "live", CHART, "--set", slip)
    assert done.returncode != 0
    assert SLIPS[slip] in done.stderr.replace('"', "'")


SENSELESS = {
    ("worker.replicas=5",): "worker.replicas: 5 workers, but settings.partitions is 4",
    ("keda.enabled=true", "keda.maxReplicas=9"): "keda.maxReplicas: 9 workers",
    ("keda.enabled=true", "keda.minReplicas=9"): "keda.minReplicas is 9 and keda.maxReplicas 4",
    (
        "keda.enabled=true",
        "settings.kafka_security_protocol=SASL_SSL",
        "settings.kafka_sasl_mechanism=PLAIN",
    ): "keda: a secured Kafka needs secrets.existing",
}


@pytest.mark.parametrize("given", SENSELESS)
def test_what_can_not_work_together_is_refused_with_a_sentence(given: tuple[str, ...]) -> None:
    done = helm("template", "live", CHART, *(word for each in given for word in ("--set", each)))
    assert done.returncode != 0
    assert SENSELESS[given] in done.stderr


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_every_pod_meets_the_restricted_standard(rendering: str) -> None:
    for name, template in pods(render(*values_of(rendering))).items():
        spec = template["spec"]
        assert spec["securityContext"]["runAsNonRoot"], name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not spec["automountServiceAccountToken"], name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), name
        for container in spec["containers"]:
            context = container["securityContext"]
            assert not context["allowPrivilegeEscalation"], name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert context["readOnlyRootFilesystem"], name
            assert container["resources"]["requests"], name
        for volume in spec["volumes"]:
            kinds = {"emptyDir", "secret", "configMap", "persistentVolumeClaim"}
            assert set(volume) - {"name"} <= kinds, name


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_every_process_starts_with_the_settings_it_is_given(
    rendering: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ca.crt").write_bytes(Authority("cricket").cert)
    things = render(*values_of(rendering))
    for name, template in pods(things).items():
        environment = environment_of(things, template)
        with monkeypatch.context() as process:
            for variable, value in environment.items():
                process.setenv(variable, value.replace("/etc/overcast/authority", str(tmp_path)))
            settings = Settings()
        assert settings.metrics_port == 9464, name
        assert settings.kafka in environment["OVERCAST_KAFKA"], name


def environment_of(things: list[Thing], template: Thing) -> dict[str, str]:
    """The variables of a Pod's process; each user's password is said to be in its Secret."""
    (container,) = template["spec"]["containers"]
    (source,) = container["envFrom"]
    data: dict[str, str] = named(things, "ConfigMap", source["configMapRef"]["name"])["data"]
    users = [name for name in data if name.endswith("_USER")]
    return data | {f"{name.removesuffix('_USER')}_PASSWORD": "x" for name in users}


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_every_pod_runs_a_command_that_there_is(rendering: str) -> None:
    command = typer.main.get_command(app)
    for name, template in pods(render(*values_of(rendering))).items():
        words = template["spec"]["containers"][0]["args"]
        known: Any = command
        while hasattr(known, "commands"):
            assert words[0] in known.commands, name
            known, words = known.commands[words[0]], words[1:]
            known = getattr(known, "loaded", known)
        known.make_context(name, list(words), resilient_parsing=False)


def test_secrets_come_as_files_and_never_in_a_config_map() -> None:
    things = render(*values_of("full"))
    secret = named(things, "Secret", "live-cricket")
    assert secret["stringData"]["redis_password"] == "change me"  # noqa: S105
    for thing in things:
        if thing["kind"] == "ConfigMap":
            assert "change me" not in json.dumps(thing)
    for name, template in pods(things).items():
        (container,) = template["spec"]["containers"]
        assert container["env"] == [
            {"name": "OVERCAST_SECRETS_DIR", "value": "/run/secrets/overcast"}
        ], name
        mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        assert mounted["secrets"] == "/run/secrets/overcast", name


def test_each_part_comes_as_its_own_principal() -> None:
    things = render(*values_of("secured"))
    users = {"worker": "worker", "dashboard": "page", "topics": "administrator"}
    for part, user in users.items():
        data = named(things, "ConfigMap", f"overcast-{part}")["data"]
        assert data["OVERCAST_KAFKA_USER"] == user
        (template,) = [t for name, t in pods(things).items() if f"-{part}" in name]
        (volume,) = [v for v in template["spec"]["volumes"] if v["name"] == "secrets"]
        assert volume["secret"]["secretName"] == f"overcast-{user}"


def test_a_changed_setting_makes_new_pods_and_another_job() -> None:
    before, after = render(), render("--set", "settings.gap_messages=6")
    assert set(pods(before)) - set(pods(after))  # the Job of the topics has another name
    for part in ("worker", "dashboard"):
        key = f"Deployment/live-overcast-{part}"
        assert pods(before)[key] != pods(after)[key]
    assert pods(before) == pods(render())


def test_large_whole_numbers_reach_a_process_as_they_were_written() -> None:
    data = named(render(*values_of("full")), "ConfigMap", "cricket-worker")["data"]
    assert data["OVERCAST_MATCH_TTL"] == "1000000"


def test_an_old_worker_goes_before_a_new_one_comes() -> None:
    strategy = named(render(), "Deployment", "-worker")["spec"]["strategy"]["rollingUpdate"]
    assert strategy == {"maxSurge": 0, "maxUnavailable": 1}


def test_probes_restart_what_is_not_live_and_only_withhold_from_what_is_not_ready() -> None:
    for name, template in pods(render(*values_of("full"))).items():
        (container,) = template["spec"]["containers"]
        if not name.startswith(("Deployment", "StatefulSet")):
            assert "ports" not in container
            continue
        asked = {kind: container[kind]["httpGet"]["path"] for kind in container if "Probe" in kind}
        assert asked == {
            "startupProbe": "/live", "livenessProbe": "/live", "readinessProbe": "/ready",
        }  # fmt: skip
        assert {"name": "metrics", "containerPort": 9464} in container["ports"]
