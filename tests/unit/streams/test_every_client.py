"""Every client of Kafka takes its configuration from `streams.kafka.client_config`.

Each place that makes one is found in the source, whatever its library; a place that writes the
configuration itself would reach a plain Kafka only.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.document_blocks import ROOT

ROOMS = ("streams", "consumers", "producers", "overcast", "examples", "benchmarks", "tests")
CLIENTS = {
    "confluent_kafka.Consumer",
    "confluent_kafka.DeserializingConsumer",
    "confluent_kafka.Producer",
    "confluent_kafka.SerializingProducer",
    "confluent_kafka.admin.AdminClient",
    "aiokafka.AIOKafkaConsumer",
    "aiokafka.AIOKafkaProducer",
    "aiokafka.admin.AIOKafkaAdminClient",
    "faust.App",
}
FORMS = {
    "streams.kafka.client_config.client",
    "streams.kafka.client_config.reader",
    "streams.kafka.client_config.aiokafka_options",
    "streams.worker.credentials.credentials",
}
# Reads a file of librdkafka's properties, since it runs without Overcast.
ALONE = {"examples/consumer.py": "properties"}


@dataclass(frozen=True)
class Place:
    """A place where a client is made."""

    file: str
    client: str
    configured: bool


class Module:
    """The source of a module: what its names mean, and where its values come from."""

    def __init__(self, source: str, file: str = "") -> None:
        self.file = file
        self.tree = ast.parse(source)
        self.nodes = list(ast.walk(self.tree))
        own = file.removesuffix(".py").replace("/", ".")
        defined = [each.name for each in self.tree.body if isinstance(each, ast.FunctionDef)]
        self.names = {name: f"{own}.{name}" for name in defined} | dict(self._imported())
        self.values = list(self._assigned())
        self.clients = CLIENTS | {
            node.name
            for node in self.nodes
            if isinstance(node, ast.ClassDef) and any(self.meant(b) in CLIENTS for b in node.bases)
        }

    def _imported(self) -> Iterator[tuple[str, str]]:
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for each in node.names:
                    yield (
                        (each.asname or each.name.partition(".")[0]),
                        (each.name if each.asname else each.name.partition(".")[0]),
                    )
            elif isinstance(node, ast.ImportFrom):
                for each in node.names:
                    yield each.asname or each.name, f"{node.module}.{each.name}"

    def _assigned(self) -> Iterator[tuple[str, ast.expr]]:
        """What a name, an attribute or a function of this module gets its value from."""
        for node in self.nodes:
            targets: list[ast.expr] = []
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, ast.AnnAssign | ast.AugAssign):
                targets = [node.target]
            for target in targets:
                if node.value is not None:
                    yield ast.unparse(target), node.value
            if isinstance(node, ast.FunctionDef):
                for each in ast.walk(node):
                    if isinstance(each, ast.Return) and each.value is not None:
                        yield node.name, each.value

    def meant(self, expression: ast.expr) -> str:
        """The full name of what an expression names."""
        first, dot, rest = ast.unparse(expression).partition(".")
        return self.names.get(first, first) + dot + rest

    def configured(self, expression: ast.expr, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a form of an access is in an expression, or in what its names stand for."""
        for node in ast.walk(expression):
            if isinstance(node, ast.Call) and self.meant(node.func) in FORMS:
                return True
            if not isinstance(node, ast.Name | ast.Attribute):
                continue
            name = ast.unparse(node)
            if name == ALONE.get(self.file):
                return True
            sources = [value for target, value in self.values if target == name]
            if name not in seen and any(self.configured(s, seen | {name}) for s in sources):
                return True
        return False

    def places(self) -> Iterator[Place]:
        """Each call that makes a client."""
        for node in self.nodes:
            if isinstance(node, ast.Call) and self.meant(node.func) in self.clients:
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                configured = any(self.configured(each) for each in given)
                yield Place(self.file, self.meant(node.func), configured)


def modules() -> Iterator[Module]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield Module(path.read_text("utf-8"), str(path.relative_to(ROOT)))


def test_each_place_that_makes_a_client_gives_it_the_one_configuration() -> None:
    places = [place for module in modules() for place in module.places()]
    assert [place for place in places if not place.configured] == []
    made = {(place.file, place.client) for place in places}
    assert {
        ("streams/kafka/lag.py", "confluent_kafka.Consumer"),
        ("streams/kafka/log_reader.py", "confluent_kafka.Consumer"),
        ("streams/kafka/log_reader.py", "confluent_kafka.admin.AdminClient"),
        ("streams/kafka/follower.py", "confluent_kafka.Consumer"),
        ("streams/kafka/producer.py", "confluent_kafka.Producer"),
        ("streams/kafka/fenced_producer.py", "aiokafka.AIOKafkaProducer"),
        ("streams/kafka/topics.py", "confluent_kafka.admin.AdminClient"),
        ("streams/worker/fetcher.py", "confluent_kafka.Consumer"),
        ("streams/worker/application.py", "OvercastApp"),
        ("consumers/archive/archive.py", "confluent_kafka.Consumer"),
        ("overcast/embedded/supervisor.py", "confluent_kafka.admin.AdminClient"),
        ("examples/consumer.py", "confluent_kafka.Consumer"),
    } <= made


HEAD = "from streams.kafka.client_config import client, reader, aiokafka_options\n"
KEPT = """
from confluent_kafka import Consumer
class Keeps:
    def __init__(self): self._settings = {}
    def made(self): return Consumer(self._settings)
"""
WITHOUT = [
    'from confluent_kafka import Consumer\nConsumer({"bootstrap.servers": "h:1"})',
    'import confluent_kafka\nconfluent_kafka.Producer({"bootstrap.servers": settings.kafka})',
    "import confluent_kafka as ck\nck.Consumer(found)",
    "from confluent_kafka.admin import AdminClient as Admin\nAdmin(dict(x=1))",
    "from aiokafka import AIOKafkaProducer\nAIOKafkaProducer(bootstrap_servers=servers)",
    "import faust\nfaust.App('id', broker=broker)",
    "import faust\nclass Ours(faust.App): ...\nOurs('id', broker=broker)",
    KEPT.format("{}"),
    "from confluent_kafka import Consumer\ndef client(): return {}\nConsumer(a)\na = client",
]
WITH = [
    "from confluent_kafka import Consumer\nConsumer(reader(access, 'g'))",
    "import confluent_kafka\nconfluent_kafka.Producer(client(access) | more)",
    KEPT.format("reader(a, 'g')"),
    "from aiokafka import AIOKafkaProducer\nAIOKafkaProducer(**aiokafka_options(access))",
    "from confluent_kafka import Consumer\ndef own(): return client(a) | {}\nConsumer(own())",
]


@pytest.mark.parametrize("source", WITHOUT)
def test_a_client_with_a_configuration_of_its_own_is_found(source: str) -> None:
    assert [place.configured for place in Module(source).places()] == [False]


@pytest.mark.parametrize("source", WITH)
def test_a_client_with_the_one_configuration_is_let_pass(source: str) -> None:
    assert [place.configured for place in Module(HEAD + source).places()] == [True]
