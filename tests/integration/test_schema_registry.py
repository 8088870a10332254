"""`overcast schemas push` at a real registry over TLS, and what the services' credentials show."""

import json
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from typer.testing import CliRunner

from overcast import cli
from overcast.contract.registry import push
from overcast.embedded.certificates import Authority
from streams.access import trusting
from streams.contract import value_schema
from streams.kafka.topics import BALLS, CONTRACTED, DEAD_LETTERS
from streams.observability.spans import exporter
from streams.settings import Settings
from tests.support.schema_registry import schema_registry

SECRET = "r3g1stry"  # noqa: S105  of this test


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("a test of services")


@pytest.fixture(scope="module")
def ca(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("ca") / "ca.crt"
    file.write_bytes(authority.cert)
    return str(file)


@pytest.fixture(scope="module")
def registry(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with schema_registry(tmp_path_factory.mktemp("registry"), authority) as url:
        yield url


def test_a_real_registry_takes_every_schema_once_and_gives_it_back(registry: str, ca: str) -> None:
    where = {"OVERCAST_SCHEMA_REGISTRY": registry, "OVERCAST_SCHEMA_REGISTRY_CA": ca}
    first, again = (
        CliRunner().invoke(cli.app, ["schemas", "push"], env={"COLUMNS": "200"} | where)
        for _ in range(2)
    )
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert first.output == again.output
    subjects = [line.partition(":")[0] for line in first.output.splitlines()]
    assert subjects == [f"{t.name}-value" for t in CONTRACTED if t is not DEAD_LETTERS]
    url = f"{registry}/subjects/{BALLS.name}-value/versions/latest"
    with urlopen(url, context=trusting(ca)) as answer:  # noqa: S310  our own registry
        registered = json.load(answer)
    assert registered["schemaType"] == "JSON"
    assert json.loads(registered["schema"]) == value_schema(BALLS)


def test_a_registry_whose_certificate_nobody_vouches_for_is_one_clear_sentence(
    registry: str,
) -> None:
    with pytest.raises(ValueError, match=r"did not take a schema: .*certificate"):
        list(push(Settings(schema_registry=registry)))


class Service(ThreadingHTTPServer):
    """A service over TLS that lets one user in, and notes what it was shown."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(
            *authority.issue("service", ("127.0.0.1",)).write(folder, "service")
        )
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server_port}"
        self.shown: list[str] = []
        Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.shown.append(self.headers.get("Authorization", ""))
        known = self.headers.get("Authorization") in LET_IN
        body = json.dumps({"id": 1} if known else {"error_code": 401, "message": "no"}).encode()
        self.send_response(200 if known else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


BASIC, BEARER = "Basic dTpyM2cxc3RyeQ==", f"Bearer {SECRET}"
LET_IN = {BASIC, BEARER}


@pytest.fixture
def service(authority: Authority, tmp_path: Path) -> Iterator[Service]:
    made = Service(authority, tmp_path)
    yield made
    made.shutdown()
    made.server_close()


def login(name: str, way: str) -> dict[str, str]:
    if way == BEARER:
        return {f"{name}_token": SECRET}
    return {f"{name}_user": "u", f"{name}_password": SECRET}


@pytest.mark.parametrize("way", [BASIC, BEARER])
def test_the_registrys_client_shows_its_credentials(service: Service, ca: str, way: str) -> None:
    where = {"schema_registry": service.url, "schema_registry_ca": ca}
    assert len(list(push(Settings(**where, **login("schema_registry", way))))) > 5
    assert set(service.shown) == {way}


def test_credentials_that_a_registry_refuses_are_not_repeated(service: Service, ca: str) -> None:
    wrong = {"schema_registry_user": "u", "schema_registry_password": f"x{SECRET}"}
    with pytest.raises(ValueError, match=f"{service.url} did not take a schema") as error:
        list(push(Settings(schema_registry=service.url, schema_registry_ca=ca, **wrong)))
    assert SECRET not in f"{error.value!r}"


@pytest.mark.parametrize("way", [BASIC, BEARER])
def test_traces_go_to_a_collector_that_asks_for_credentials(
    service: Service, ca: str, way: str
) -> None:
    settings = Settings(traces=service.url, traces_ca=ca, **login("traces", way))
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter(settings.service("traces"))))
    provider.get_tracer("test").start_span("a span").end()
    assert service.shown == [way]
