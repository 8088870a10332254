"""A real worker with traffic under a real Prometheus; health on servers that come and go."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
import yaml

from overcast.embedded import redis
from overcast.embedded.children import free_ports, spawn, stop
from overcast.embedded.servers import Addresses
from producers.recorded import ShippedShelf
from producers.replay import merged
from streams.rights.roles import VIEWER
from streams.secret_url import SecretUrl
from streams.settings import Settings
from tests.integration.deployment import Deployment, wait_for
from tests.support.parties import prepare
from tests.support.tools import tool

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "ops/prometheus"
COMPARED = re.compile(r"\s*(==|>=|<=|>|<)\s*[\d.]+$")
MATCHES = ("1426294", "1144530", "1298150")


def asked(url: str) -> tuple[int, Any]:
    """Status and JSON of an answer; 0 of none."""
    try:
        with urlopen(url, timeout=10) as answer:  # noqa: S310  our own worker and Prometheus
            return answer.status, json.load(answer)
    except HTTPError as refusal:
        return refusal.code, _json(refusal.read())
    except (URLError, OSError):
        return 0, {}


def _json(text: bytes) -> Any:
    """What a refusal says: Prometheus says in plain text that it is not ready yet."""
    try:
        return json.loads(text)
    except ValueError:
        return {}


def health(settings: Settings, question: str) -> tuple[int, dict[str, str]]:
    """What a worker says, and those of its checks that failed."""
    status, said = asked(f"http://127.0.0.1:{settings.metrics_port}/{question}")
    return status, {name: text for name, text in said.get("checks", {}).items() if text != "ok"}


def watched(settings: Settings, **more: Any) -> Settings:
    """The deployment with a metrics port of its own."""
    return settings.model_copy(update={"metrics_port": free_ports(1)[0], **more})


def dashboards() -> Iterator[tuple[str, str]]:
    """Every expression of every panel, with the name of the dashboard."""
    for path in (ROOT / "ops/grafana/dashboards").glob("*.json"):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                yield f"{path.stem}: {panel['title']}", target["expr"].replace("$model_key", ".*")


def alerts() -> Iterator[tuple[str, str]]:
    """Every part of every alert's condition, before it is compared: there must be something."""
    for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]:
        for rule in group["rules"]:
            for part in re.split(r"\s+and (?:on \(\w+\) )?", rule["expr"].strip()):
                assert COMPARED.search(part), part
                yield rule["alert"], COMPARED.sub("", part)


def recorded() -> Iterator[tuple[str, str]]:
    for group in yaml.safe_load((PROMETHEUS / "recording.yml").read_text())["groups"]:
        for rule in group["rules"]:
            yield "recorded", rule["record"]


@contextmanager
def prometheus(target: int, folder: Path) -> Iterator[str]:
    """Debian's Prometheus with our configuration, on one worker and in quick steps."""
    program, port = tool("prometheus"), free_ports(1)[0]
    settings = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
    settings["global"] = dict.fromkeys(("scrape_interval", "evaluation_interval"), "500ms")
    settings["rule_files"] = [str(PROMETHEUS / name) for name in settings["rule_files"]]
    for job in settings["scrape_configs"]:
        del job["dns_sd_configs"]
    settings["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{target}"]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(settings))
    command = [
        program,
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    process = spawn(command, folder / "prometheus.log")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def found(server: str, expression: str) -> list[Any]:
    """The series that an expression gives now; an error if Prometheus refuses it."""
    status, said = asked(f"{server}/api/v1/query?{urlencode({'query': expression})}")
    assert status in {0, 200, 503}, f"{expression}: {said}"
    series: list[Any] = said["data"]["result"] if status == 200 else []
    return series


class Observed:
    """A worker alone on its partition, with a Redis of its own that can be taken away."""

    def __init__(self, addresses: Addresses, folder: Path) -> None:
        (self._port,) = free_ports(1)
        self._folder = folder
        self.settings = watched(
            Settings(**addresses.settings, partitions=1, snapshot_every=5),
            redis=SecretUrl(f"redis://127.0.0.1:{self._port}/0"),
            topic_prefix=f"{folder.name}.",
            group=f"{folder.name}.workers",
        )
        prepare(self.settings)
        self.store = self.start_store()
        self.deployment = Deployment(self.settings, folder)
        self.deployment.launch()
        wait_for(lambda: health(self.settings, "live")[0] == 200, "life", self.deployment.log)
        self.unready = self.until_ready()

    def start_store(self) -> Popen[bytes]:
        """Redis as it was, or empty."""
        self.store = spawn(redis.command(self._port, str(self._folder)), self._folder / "redis.log")
        return self.store

    def until_ready(self) -> list[dict[str, str]]:
        """What was wrong each time that the worker said that it is not ready yet."""
        said: list[tuple[int, dict[str, str]]] = []

        def ready() -> bool:
            said.append(health(self.settings, "ready"))
            return said[-1] == (200, {})

        wait_for(ready, "the worker to be ready", self.deployment.log)
        return [wrong for status, wrong in said if status == 503]


@pytest.fixture(scope="module")
def one(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observed]:
    made = Observed(addresses, tmp_path_factory.mktemp("observed"))
    yield made
    made.deployment.stop()
    stop(made.store)


def test_no_expression_of_a_dashboard_or_an_alert_comes_back_empty(
    one: Observed, tmp_path: Path
) -> None:
    with prometheus(one.settings.metrics_port, tmp_path) as server:
        wait_for(lambda: bool(found(server, "overcast_owned_partitions")), "a first scrape")
        shelf = ShippedShelf()
        one.deployment.send(merged(shelf, [m for m in shelf.listed() if m.id in MATCHES]))
        one.deployment.settle()
        # The job `overcast reproduce` does not run here: test_drift.py runs it.
        every = {*dashboards(), *alerts(), *recorded()}
        empty = {each for each in every if "reproduced" not in each[1]}
        assert len(empty) > 80

        def all_found() -> bool:
            empty.difference_update([each for each in empty if found(server, each[1])])
            return not empty

        wait_for(all_found, "expressions to find something", tmp_path / "prometheus.log")
        (balls,) = found(server, "sum(overcast_received_balls_total)")
        (predictions,) = found(server, "sum(overcast_predictions_total)")
        assert int(balls["value"][1]) == int(predictions["value"][1]) > 500


def test_a_worker_is_not_ready_before_it_has_partitions(one: Observed) -> None:
    """Of models only those are waited for that are in play: in a new cluster there are none."""
    assert "partitions" in set().union(*one.unready)


def test_a_worker_that_stands_by_is_live_and_not_ready(one: Observed, tmp_path: Path) -> None:
    second = Deployment(watched(one.settings), tmp_path)
    try:
        second.launch()
        standby = second.settings
        wait_for(lambda: list(health(standby, "ready")[1]) == ["partitions"], "it to stand by")
        assert health(standby, "ready")[0] == 503
        assert health(standby, "live") == (200, {})
    finally:
        second.stop()
        one.until_ready()


def test_a_worker_without_its_store_is_live_and_not_ready_until_it_is_back(one: Observed) -> None:
    stop(one.store)
    status, wrong = health(one.settings, "ready")
    assert (status, list(wrong)) == (503, ["store"])
    assert health(one.settings, "live") == (200, {})
    one.start_store()
    one.until_ready()


def test_the_dashboard_answers_on_its_own_port(one: Observed, tmp_path: Path) -> None:
    page = Deployment(watched(one.settings), tmp_path)
    try:
        page.launch(sys.executable, "-m", "overcast", "dashboard", "--port", "0", role=VIEWER)
        wait_for(lambda: health(page.settings, "ready") == (200, {}), "the page", page.log)
        with urlopen(f"http://127.0.0.1:{page.settings.metrics_port}/metrics") as told:
            assert b"\novercast_viewers 0.0\n" in told.read()
    finally:
        page.stop()
