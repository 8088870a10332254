"""The written contract: as the code is, true of real messages, and never broken in silence."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any, get_args

import jsonschema
import msgspec
import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient

from learning.contest.decisions import AnyDecision
from overcast.commands.contract import push_schemas
from overcast.contract import files
from overcast.contract.registry import push, registered
from overcast.contract.roles_table import with_roles
from overcast.embedded.children import free_ports
from producers.recorded import shipped_match
from producers.schedule import timed_events
from streams.contract import MESSAGES, Message, messages_of, value_schema
from streams.kafka.topics import CONTRACTED, LABELS, PREDICTIONS
from streams.messages.events import MatchEvent, encode
from streams.messages.predictions import PredictionMessage
from streams.messages.predictions import encode as encode_said
from streams.messages.source import Source
from streams.pipeline.advance import advance
from streams.pipeline.effects import receive
from streams.settings import Settings
from tests.support.matches import forecasts, models

DOCS = Path(__file__).parents[4] / "docs"
BY_NAME = {message.name: message for message in MESSAGES}
PREDICTION = BY_NAME["prediction"].schema


def example(message: Message) -> Any:
    return json.loads((DOCS / f"schemas/examples/{message.name}.json").read_text())


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_files_are_those_that_the_code_makes() -> None:
    made = files.generated(DOCS)
    stale = [name for name, text in made.items() if (DOCS / name).read_text() != text]
    assert not stale, "run: make contract"
    there = {f"schemas/{path.name}" for path in (DOCS / "schemas").glob("*.json")}
    assert there == {name for name in made if name.startswith("schemas/")}


def test_writing_removes_former_versions_and_nobody_elses_schemas(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(DOCS / "schemas", docs / "schemas")
    for name in ("prediction.v0.json", "orders-of-another-team.json"):
        (docs / "schemas" / name).write_text("{}")
    assert "schemas/prediction.v0.json (removed)" in files.write(docs)
    assert not (docs / "schemas/prediction.v0.json").exists()
    assert (docs / "schemas/orders-of-another-team.json").exists()


def test_the_page_on_security_is_written_by_hand_but_for_the_roles() -> None:
    page = (DOCS / "security.md").read_text()
    assert with_roles(page) == page
    old = page.replace("| feed |", "| fed |")
    assert with_roles(old) == page
    assert with_roles(page.replace("Nobody rewrites", "Whoever")) != page
    with pytest.raises(ValueError, match=r"security\.md has no place for the roles"):
        with_roles("# Security")


def test_no_schema_breaks_the_readers_of_the_last_release() -> None:
    assert files.broken(DOCS) == []


def test_there_is_a_release_to_compare_with() -> None:
    released = {path.name for path in (DOCS / "schemas/released").glob("*.json")}
    assert {"prediction.v1.json", "ball_bowled.v1.json", "label.v1.json"} <= released


def test_each_type_on_the_wire_is_in_the_contract() -> None:
    kinds = {
        kind for union in (MatchEvent, PredictionMessage, AnyDecision) for kind in get_args(union)
    }
    tags = {str(kind.__struct_config__.tag) for kind in kinds}
    assert tags < BY_NAME.keys()
    assert {message.topic.name for message in MESSAGES} == {topic.name for topic in CONTRACTED}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_an_example_fits_its_schema_and_shows_every_field(message: Message) -> None:
    told = example(message)
    validator(message.schema).validate(told)
    if message.kind is not None:
        read = msgspec.convert(told, message.kind, strict=False)
        assert json.loads(msgspec.json.encode(read)) == told, "run: overcast contract --examples"


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_a_schema_refuses_an_example_that_lacks_what_it_requires(message: Message) -> None:
    told, checks = example(message), validator(message.schema)
    own = message.schema.get("$defs", {}).get(message.schema.get("$ref", "").rpartition("/")[2])
    for name in (own or message.schema)["required"]:
        assert not checks.is_valid({n: value for n, value in told.items() if n != name}), name


def test_what_a_whole_match_says_fits_the_schemas() -> None:
    told = list(timed_events(shipped_match("1426294")))
    batch = [
        receive(b"1426294", encode(event), Source("cricket.balls", 0, offset))
        for offset, event in enumerate(told)
    ]
    effects = advance({}, batch, models())
    balls, predictions = (validator(BY_NAME[n].schema) for n in ("ball_bowled", "prediction"))
    labels = validator(BY_NAME["label"].schema)
    for received in batch[2:-3:7]:
        if received.event is not None and b'"ball_bowled"' in (received.value or b""):
            balls.validate(json.loads(received.value or b""))
    for said in forecasts(effects)[::9]:
        predictions.validate(json.loads(encode_said(said)))
    for answered in effects.labels:
        labels.validate(json.loads(encode_said(answered)))
    assert effects.labels


def test_the_document_is_asyncapi_3() -> None:
    vendored = Path(__file__).parents[3] / "vendor/asyncapi/3.0.0.json.gz"
    rules = json.loads(gzip.decompress(vendored.read_bytes()))
    document = json.loads((DOCS / "asyncapi.json").read_text())
    jsonschema.Draft7Validator(rules).validate(document)
    del document["channels"]["balls"]["address"], document["info"]["version"]
    assert not jsonschema.Draft7Validator(rules).is_valid(document)


def test_the_document_can_be_loaded_by_itself() -> None:
    document = json.loads((DOCS / "asyncapi.json").read_text())
    found = list(references(document))
    assert len(found) > 80
    for reference in found:
        assert reference.startswith("#/"), "a neighbouring file"
        place = document
        for step in reference[2:].split("/"):
            place = place[step]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_a_schema_in_the_document_refuses_and_takes_what_the_one_in_its_file_does(
    message: Message,
) -> None:
    document = json.loads((DOCS / "asyncapi.json").read_text())
    part = "payload" if message.kind else "headers"
    place = f"#/components/messages/{message.name}/{part}/schema"
    bundled = jsonschema.Draft202012Validator(document | {"$ref": place})
    sample = example(message)
    assert bundled.is_valid(sample)
    for field in sample:
        less = {name: value for name, value in sample.items() if name != field}
        assert bundled.is_valid(less) == validator(message.schema).is_valid(less), field


def references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [each for value in part for each in references(value)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if "$ref" in part else []
    return own + [each for value in part.values() for each in references(value)]


@pytest.mark.parametrize("topic", [PREDICTIONS, LABELS], ids=lambda topic: topic.name)
def test_the_schema_of_a_topic_takes_each_of_its_messages_and_nothing_else(topic: Any) -> None:
    checks = validator(value_schema(topic))
    for message in messages_of(topic):
        checks.validate(example(message))
    assert not checks.is_valid(example(BY_NAME["metrics"]))


def test_schemas_are_pushed_once_under_the_names_of_confluents_clients() -> None:
    client = SchemaRegistryClient.new_client({"url": "mock://contract"})
    settings = Settings(topic_prefix="staging.")
    first = dict(registered(client, settings))
    assert dict(registered(client, settings)) == first
    assert set(client.get_subjects()) == first.keys()
    subject = "staging.cricket.predictions-value"
    found = client.get_latest_version(subject)
    assert (found.schema_id, found.version) == (first[subject], 1)
    validator(json.loads(found.schema.schema_str)).validate(example(BY_NAME["prediction"]))


def test_the_command_pushes_to_the_registry_that_is_configured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERCAST_SCHEMA_REGISTRY", "mock://contract")
    push_schemas()
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        f"{topic.name}-value" for topic in CONTRACTED if topic.name != "cricket.dead-letters"
    ]


def test_a_registry_that_does_not_answer_is_one_clear_line() -> None:
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    with pytest.raises(ValueError, match=f"{address} did not take a schema"):
        list(push(Settings(schema_registry=address)))


def test_a_push_without_a_registry_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="OVERCAST_SCHEMA_REGISTRY"):
        list(push(Settings(schema_registry="")))
