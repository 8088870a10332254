"""Parquet files whose names are the position, and the calibration plot that is made of them."""

import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from confluent_kafka import Message

from consumers.archive.archive import alone
from consumers.archive.parquet import ASIDE, Stretch, day_of, last_messages, write
from consumers.archive.rows import SCHEMAS, row
from learning.labels import Label
from learning.model.prequential import score
from producers.simulator import season
from streams.kafka.topics import LABELS, PREDICTIONS, Topic
from streams.messages.labels import LabelMessage
from streams.messages.predictions import MatchResult, Prediction, Waiting, encode
from streams.messages.source import Source
from streams.pipeline.canonical import corrected
from tests.support.matches import log_of, messages, run

CALIBRATION = Path(__file__).parents[4] / "examples/calibration.py"
NEW_YEAR = 1_893_456_000_000  # 2030-01-01 in ms
EFFECTS = run(log_of([event for match in season(6, seed=3) for event in messages(match)]))


def lying(value: bytes, offset: int, at: int = NEW_YEAR) -> Message:
    """A message as Kafka gives it."""
    made: Any = SimpleNamespace(
        value=lambda: value,
        offset=lambda: offset,
        partition=lambda: 2,
        timestamp=lambda: (2, at),
    )
    return made


def archived(folder: Path, topic: Topic, values: list[bytes]) -> pd.DataFrame:
    rows = [row(topic, lying(value, n)) for n, value in enumerate(values)]
    stretch = Stretch(topic.name, 2, 0, len(rows) - 1, day_of(NEW_YEAR), rows)
    write(folder, stretch, SCHEMAS[topic.name])
    return pd.read_parquet(folder / topic.name)


def test_a_prediction_is_kept_in_columns_and_as_it_lay_in_kafka(tmp_path: Path) -> None:
    made = next(said for said in EFFECTS.predictions if isinstance(said, Prediction))
    (found,) = archived(tmp_path, PREDICTIONS, [encode(made)]).to_dict("records")
    assert found["message"] == encode(made).decode()
    assert (found["partition"], found["offset"], found["date"]) == (2, 0, "2030-01-01")
    assert (found["match_id"], found["seq"], found["type"]) == (
        made.match_id,
        made.seq,
        "prediction",
    )
    assert (found["win_batting"], found["total_q90"]) == (made.win.batting, made.total.q90)
    assert dict(found["next_ball"]) == made.next_ball
    assert pd.isna(found["supersedes"])


def test_an_official_result_is_a_row_of_its_own_beside_older_files(tmp_path: Path) -> None:
    made = next(said for said in EFFECTS.predictions if isinstance(said, MatchResult))
    (found,) = archived(tmp_path, PREDICTIONS, [encode(made)]).to_dict("records")
    assert (found["type"], found["match_id"], found["seq"]) == (
        "match_result",
        made.match_id,
        made.seq,
    )
    assert (found["result"], found["winner"], found["text"]) == ("win", made.winner, made.text)
    older = pa.table({"offset": pa.array([7], pa.int64()), "type": ["prediction"]})
    pq.write_table(older, tmp_path / PREDICTIONS.name / "date=2030-01-01" / "older.parquet")
    rows = pd.read_parquet(tmp_path / PREDICTIONS.name).sort_values("offset")
    assert list(rows["type"]) == ["match_result", "prediction"]


def test_what_is_no_prediction_keeps_its_type_and_what_cannot_be_read_its_place(
    tmp_path: Path,
) -> None:
    source = Source("cricket.balls", 2, 5)
    waits = Waiting(match_id="m", seq=4, ball="0.4", since=1, held=2, at=3, source=source)
    found = archived(tmp_path, PREDICTIONS, [encode(waits), b"\xff broken"])
    assert list(found["type"].fillna("")) == ["waiting", ""]
    assert list(found["offset"]) == [0, 1]
    assert found["message"][1] == "\N{REPLACEMENT CHARACTER} broken"


def test_a_position_is_read_from_the_names_and_what_was_left_unfinished_goes(
    tmp_path: Path,
) -> None:
    assert last_messages(tmp_path, "cricket.labels") == {}
    for partition, first, last, day in (
        (0, 0, 9, "2030-01-01"),
        (0, 10, 12, "2030-01-02"),
        (3, 5, 5, "2030-01-01"),
    ):
        rows = [{"offset": first, "appended": 1_000 if partition else None}]
        stretch = Stretch("cricket.labels", partition, first, last, day, rows)
        write(tmp_path, stretch, SCHEMAS["cricket.labels"])
    left = tmp_path / f"cricket.labels/date=2030-01-01/{ASIDE}cricket.labels-0.parquet"
    left.write_bytes(b"PAR1")
    assert last_messages(tmp_path, "cricket.labels") == {0: (12, 0), 3: (5, 1_000)}
    assert not left.exists()


def test_a_file_that_was_not_finished_is_none(tmp_path: Path) -> None:
    stretch = Stretch("cricket.labels", 0, 0, 0, "2030-01-01", [{"offset": "no number"}])
    with pytest.raises(Exception, match="int"):
        write(tmp_path, stretch, SCHEMAS["cricket.labels"])
    assert list(tmp_path.glob("*/*/*.parquet")) == list(tmp_path.glob(f"*/*/{ASIDE}*"))
    assert last_messages(tmp_path, "cricket.labels") == {}


def test_two_archives_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with (
        alone(tmp_path),
        pytest.raises(ValueError, match="another archive writes into"),
        alone(tmp_path),
    ):
        pass
    with alone(tmp_path):
        pass


def labels() -> list[LabelMessage]:
    """Decided matches; of one the answer was corrected, of one withdrawn."""
    made = [message for message in EFFECTS.labels if message.label.task == "win"]
    assert len(made) > 4
    turned = change(made[0], truth=1.0 - made[0].label.truth)
    gone = LabelMessage(
        **{f: getattr(made[1], f) for f in made[1].__struct_fields__}
        | {"revision": 1, "withdrawn": True}
    )
    return [*made, turned, gone]


def change(message: LabelMessage, truth: float) -> LabelMessage:
    fields = {name: getattr(message, name) for name in message.__struct_fields__}
    label = {name: getattr(message.label, name) for name in message.label.__slots__}
    return LabelMessage(**fields | {"revision": 1, "label": Label(**label | {"truth": truth})})


def test_the_calibration_counts_each_match_once_and_as_corrected(tmp_path: Path) -> None:
    told = labels()
    archived(tmp_path, LABELS, [encode(message) for message in told])
    example = runpy.run_path(str(CALIBRATION))
    questions = example["questions_of"](str(tmp_path))
    standing = corrected(told)
    assert set(questions["match_id"]) == {message.match_id for message in standing}
    brier = (
        ((questions["win"] - questions["won"]) ** 2 * questions["weight"])
        .groupby(questions["match_id"])
        .sum()
    )
    for message in standing:
        assert brier[message.match_id] == pytest.approx(score(message.label).brier)
    table = example["calibration"](questions)
    assert table["matches"].sum() == pytest.approx(len(standing))
    assert table["questions"].sum() == len(questions)
    assert ((table["forecast"] * 10).astype(int).clip(0, 9) == table.index).all()


def test_the_calibration_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archived(tmp_path, LABELS, [encode(message) for message in labels()])
    picture = tmp_path / "calibration.png"
    monkeypatch.setattr("sys.argv", ["calibration.py", str(tmp_path), str(picture)])
    runpy.run_path(str(CALIBRATION), run_name="__main__")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "happened" in capsys.readouterr().out
