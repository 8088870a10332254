"""`overcast history`: the story of a model in words."""

import pytest
from msgspec import structs
from typer.testing import CliRunner

from consumers.decision_words import entry
from learning.contest.decisions import Frozen
from learning.model.snapshot import blank
from overcast import cli
from overcast.commands.history import story
from streams.messages.orders import encode
from streams.models.order_signatures import Operators, OrderLog, sign
from streams.models.signing import keys
from streams.settings import Settings
from tests.support.orders import new_order
from tests.unit.streams.messages.test_decisions import CHALLENGER, EXAMPLES, SAID


def test_the_story_tells_what_why_when_and_by_what_evidence() -> None:
    text = "\n".join(story(blank("t20-male", "v1"), EXAMPLES))
    for part in (
        "serves v1",
        "next_ball by page-hinkley, all matches, since 2023-03-31",
        f"{CHALLENGER} over starter-2026.09+3000",
        "31 matches: champion 0.910, challenger 0.869; gain +0.041 loss a match",
        "between +0.003 and +0.079 with 95%",
        "frozen[/] by asha",
        "cricket.labels/1@1041",
        "2030-03-17",
    ):
        assert part in text, part


def test_an_order_is_shown_with_who_gave_it_and_what_proves_it() -> None:
    signed = Frozen(**SAID, operator="asha", order_id="1", proof="signed by asha, key 0f3a")
    by_page = structs.replace(signed, via="page", proof="signed by page, key 77aa")
    unsigned, before = structs.replace(signed, proof=""), Frozen(**SAID, operator="asha")
    for decision, words in {
        signed: "frozen[/] by asha (signed by asha, key 0f3a)",
        by_page: "frozen[/] by asha via page (signed by page, key 77aa)",
        unsigned: "frozen[/] by asha (unsigned)",
        before: "frozen[/] by asha  ",
    }.items():
        assert words in next(entry(decision))


def test_a_model_without_decisions_says_so() -> None:
    (serves, trained, nothing) = story(blank("t20-male", "v1"), ())
    assert "nothing was decided yet" in nothing
    assert "trained on 0 matches, 0 balls, never to never" in trained
    assert serves.endswith("serves v1")


def test_an_order_for_no_model_names_those_there_are() -> None:
    result = CliRunner().invoke(cli.app, ["freeze", "tests-male"])
    assert isinstance(result.exception, ValueError)
    assert "there are t20-male" in str(result.exception)


def test_new_keys_can_be_used_as_they_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = CliRunner().invoke(cli.app, ["keygen"], env={"COLUMNS": "200"}).output.splitlines()
    for line in lines:
        name, _, value = line.split("#")[0].strip().partition("=")
        monkeypatch.setenv(name, value)
    made = keys(Settings())
    made.check(b"value", made.sign(b"value"))
    assert len(made.trusted) == 2


def test_new_keys_of_an_operator_prove_orders_as_they_are_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output = CliRunner().invoke(cli.app, ["keygen", "--operator", "asha"]).output
    for line in output.splitlines():
        name, _, value = line.split("  #")[0].partition("=")
        monkeypatch.setenv(name, value)
    order, log = new_order("freeze", "t20-male"), OrderLog("cricket.orders", "id")
    value, settings = encode(order), Settings()
    proof = Operators.of(settings).proof(order, value, sign(value, log, settings), log)
    assert proof.startswith("signed by asha, key ")


def test_an_operators_name_that_no_list_could_hold_is_refused() -> None:
    result = CliRunner().invoke(cli.app, ["keygen", "--operator", "a=b,c"])
    assert isinstance(result.exception, ValueError)
