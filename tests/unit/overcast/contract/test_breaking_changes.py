"""What a version of a message may gain, and what would break its readers."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overcast.contract import files
from overcast.contract.compatible import breaks
from streams.contract import MESSAGES

PREDICTION = next(message.schema for message in MESSAGES if message.name == "prediction")


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The prediction's schema after a change of its definitions."""
    schema = copy.deepcopy(PREDICTION)
    change(schema["$defs"])
    return schema


ADDED = {"type": "number", "default": 0.0}
BREAKS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a field goes": (lambda d: d["Prediction"]["properties"].pop("win_added"), "win_added: gone"),
    "a field becomes required": (
        lambda d: d["Prediction"]["required"].append("missing"),
        "missing: now required",
    ),
    "a new field is required": (
        lambda d: (
            d["Win"]["properties"].update(draw=ADDED),
            d["Win"]["required"].append("draw"),
        ),
        "win.draw: now required",
    ),
    "a field is required no longer": (
        lambda d: d["Total"]["required"].remove("mean"),
        "total.mean: no longer required",
    ),
    "a type changes": (
        lambda d: d["Card"]["properties"]["runs"].update(type="number"),
        "card.runs.type: 'integer' became 'number'",
    ),
    "a field may be null": (
        lambda d: d["Win"]["properties"].update(
            tie={"anyOf": [{"type": "number"}, {"type": "null"}]}
        ),
        "win.tie",
    ),
    "an enumeration is wider": (
        lambda d: d["Prediction"]["properties"]["type"]["enum"].append("guess"),
        "type.enum",
    ),
    "an enumeration is narrower": (
        lambda d: d["Prediction"]["properties"]["type"].update(enum=[]),
        "type.enum",
    ),
    "a list's items change": (
        lambda d: d["Card"]["properties"]["this_over"]["items"].update(type="integer"),
        "this_over.items.type",
    ),
    "a pair becomes longer": (
        lambda d: d["Prediction"]["properties"]["teams"].update(maxItems=3),
        "teams.maxItems",
    ),
    "a map's values change": (
        lambda d: d["Prediction"]["properties"]["next_ball"]["additionalProperties"].update(
            type="string"
        ),
        "next_ball.additionalProperties.type",
    ),
    "a bound is new": (
        lambda d: d["Prediction"]["properties"]["seq"].update(maximum=100),
        "seq.maximum",
    ),
    "a default means something else": (
        lambda d: d["Prediction"]["properties"]["missing"].update(default=1),
        "missing.default",
    ),
}


@pytest.mark.parametrize(("change", "told"), BREAKS.values(), ids=BREAKS)
def test_a_change_that_breaks_readers_is_found(
    change: Callable[[dict[str, Any]], object], told: str
) -> None:
    found = breaks(PREDICTION, changed(change))
    assert any(told in each for each in found), found


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["Win"]["properties"].update(draw=ADDED),
        lambda d: d["Prediction"].update(description="said better"),
        lambda d: d["Prediction"]["properties"]["seq"].update(description="explained"),
        lambda d: d.update(Unused={"type": "object"}),
    ],
    ids=["an optional field", "words of a type", "words of a field", "a type that is new"],
)
def test_what_a_version_may_gain_is_no_break(change: Callable[[dict[str, Any]], object]) -> None:
    assert changed(change) != PREDICTION
    assert breaks(PREDICTION, changed(change)) == []


def test_a_definition_may_move_but_not_change_what_it_holds() -> None:
    text = (
        json.dumps(PREDICTION).replace('"Win"', '"Chances"').replace("$defs/Win", "$defs/Chances")
    )
    assert breaks(PREDICTION, json.loads(text)) == []


def test_a_break_stops_the_contract_from_being_written(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    (docs / "schemas/released").mkdir(parents=True)
    old = copy.deepcopy(PREDICTION)
    old["$defs"]["Prediction"]["properties"]["mood"] = {"type": "string"}
    (docs / "schemas/released/prediction.v1.json").write_text(json.dumps(old))
    assert files.broken(docs) == ["prediction.v1.json: $.mood: gone"]
    (docs / "schemas/released/prediction.v1.json").rename(
        docs / "schemas/released/prediction.v0.json"
    )
    assert files.broken(docs) == []  # a new version has taken its place
    (docs / "schemas/released/sacked.v1.json").write_text(json.dumps(old))
    assert files.broken(docs) == ["sacked.v1.json: no version of this message is left"]
