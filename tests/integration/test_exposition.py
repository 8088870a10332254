"""The port of metrics and health, asked over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from overcast.embedded.children import free_ports
from streams.observability.endpoint import MetricsEndpoint, exposed
from streams.observability.health import Health
from streams.settings import Settings


@pytest.fixture
def serving() -> Iterator[MetricsEndpoint]:
    made = MetricsEndpoint("127.0.0.1", 0, Health(ready={"store": lambda: "gone"}))
    yield made
    made.stop()


def asked(serving: MetricsEndpoint, path: str, **headers: str) -> tuple[int, str, str]:
    request = Request(f"http://127.0.0.1:{serving.port}{path}", headers=headers)
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310  the same
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except HTTPError as refusal:
        return refusal.code, refusal.headers["Content-Type"], refusal.read().decode()


def test_metrics_are_told_as_prometheus_asks_for_them(serving: MetricsEndpoint) -> None:
    status, kind, text = asked(serving, "/metrics")
    assert (status, kind.partition(";")[0]) == (200, "text/plain")
    assert "process_cpu_seconds_total" in text
    status, kind, text = asked(serving, "/metrics?a=b", Accept="application/openmetrics-text")
    assert (status, kind.partition(";")[0]) == (200, "application/openmetrics-text")
    assert text.endswith("# EOF\n")


def test_health_is_told_as_status_and_json(serving: MetricsEndpoint) -> None:
    assert asked(serving, "/live") == (200, "application/json", '{"live": true, "checks": {}}\n')
    status, _, text = asked(serving, "/ready")
    assert (status, text) == (503, '{"ready": false, "checks": {"store": "gone"}}\n')


def test_other_paths_are_not_there(serving: MetricsEndpoint) -> None:
    assert asked(serving, "/admin")[0] == 404


def test_the_probe_of_a_container_says_what_is_wrong_and_ends_with_1(
    serving: MetricsEndpoint,
) -> None:
    def probed(*arguments: str, port: int = serving.port) -> tuple[int, str]:
        command = [sys.executable, "-m", "streams.probe", *arguments]
        here = os.environ | {"OVERCAST_METRICS_PORT": str(port)}
        ran = subprocess.run(command, env=here, text=True, capture_output=True, check=False)
        return ran.returncode, ran.stdout

    assert probed("live")[0] == 0
    assert probed() == (1, '{"ready": false, "checks": {"store": "gone"}}\n')
    (nobody,) = free_ports(1)
    code, said = probed(port=nobody)
    assert (code, said.partition(":")[0]) == (1, "no answer at http")


def test_a_port_that_is_taken_is_one_clear_line_and_stops_no_command(
    serving: MetricsEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(OSError, match="OVERCAST_METRICS_PORT"):
        MetricsEndpoint("127.0.0.1", serving.port, Health())
    with exposed(Settings(metrics_port=serving.port), Health()):
        pass
    (line,) = caplog.messages
    assert line.startswith(f"cannot serve metrics on 127.0.0.1:{serving.port}")
