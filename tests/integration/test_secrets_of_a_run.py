"""A whole secured run: no secret of it is in a log, an error, a metric, a health check, or `ps`."""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil
import pytest
from pydantic import SecretStr

from overcast.embedded.children import free_ports
from overcast.embedded.servers import Addresses
from streams.models.signing import new_keys
from streams.rights.roles import FEED, OPERATOR, WORKER
from streams.secret_url import SecretUrl
from streams.settings import Settings
from tests.integration.deployment import Deployment, wait_for
from tests.integration.test_observed import health
from tests.support.parties import as_role, deployed, ended

MATCH, KEY = "1426294", "t20-male"
WRONG = "wr0ngPassw0rd"


def passwords(addresses: Addresses) -> set[str]:
    """Those of every user of the servers, in Kafka and in Redis."""
    found: set[str] = set()
    for file in Path(addresses.settings_file).parent.glob("*.toml"):
        settings = tomllib.loads(file.read_text())
        found |= {settings["kafka_password"], urlsplit(settings.get("redis", "")).password or ""}
    return found - {""}


def pages(settings: Settings) -> list[str]:
    """What a worker shows over HTTP, whether it is well or not."""
    with urlopen(f"http://127.0.0.1:{settings.metrics_port}/metrics") as answer:
        metrics = answer.read().decode()
    return [metrics, *(str(health(settings, question)) for question in ("live", "ready"))]


def failures(club: Settings, folder: Path) -> list[str]:
    """What commands say to a wrong password, a wrong URL of Redis, and a right that is missing."""
    feed, worker = as_role(club, FEED), as_role(club, WORKER)
    stranger = feed.model_copy(update={"kafka_password": SecretStr(WRONG)})
    url = SecretUrl(f"rediss://worker:{WRONG}@127.0.0.1:1/0")
    finished = [
        ended(stranger, folder, "replay", MATCH),
        ended(worker.model_copy(update={"redis": url, "metrics_port": 0}), folder, "worker"),
        ended(feed, folder, "history"),
    ]
    assert all(each.returncode for each in finished)
    return [each.stdout + each.stderr for each in finished]


def test_no_secret_of_a_whole_run_can_be_read_anywhere(
    secured: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing, operating = new_keys()[0], new_keys()[0]
    monkeypatch.setenv("OVERCAST_SIGNING_KEY", signing)
    monkeypatch.setenv("OVERCAST_OPERATOR_KEY", operating)
    club = deployed(secured, "quiet").model_copy(update={"metrics_port": free_ports(1)[0]})
    deployment = Deployment(club, tmp_path)
    try:
        deployment.start()
        fed = ended(as_role(club, FEED), tmp_path, "replay", MATCH)
        deployment.settle()
        operator = as_role(club, OPERATOR)
        ordered = ended(operator, tmp_path, "freeze", KEY, "--operator", "asha")
        assert (fed.returncode, ordered.returncode) == (0, 0), fed.stderr + ordered.stderr
        wait_for(lambda: health(club, "ready") == (200, {}), "readiness", deployment.log)
        lines = [" ".join(process.info["cmdline"] or ()) for process in every_process()]
        assert any("overcast worker" in line for line in lines)
        texts = [*lines, *pages(club), *failures(club, tmp_path), fed.stdout, ordered.stdout]
    finally:
        deployment.stop()
    servers = Path(secured.settings_file).parents[1]
    logs = [deployment.log, *servers.glob("*.log")]
    assert len(logs) > 3
    texts += [fed.stderr, ordered.stderr, *(log.read_text() for log in logs)]
    secrets = {*passwords(secured), signing, operating, WRONG}
    assert len(secrets) > 8
    assert [text for text in texts if any(secret in text for secret in secrets)] == []


def every_process() -> list[psutil.Process]:
    return list(psutil.process_iter(["cmdline"]))
