"""Where a setting comes from, what a wrong one says, and what the topics promise."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from learning.keys import KEYS
from overcast.commands import options
from streams.kafka.topics import (
    BALLS,
    DEAD_LETTERS,
    DRIFT,
    LABELS,
    METRICS,
    MODELS,
    PREDICTIONS,
    TOPICS,
    Topic,
    label_partition,
    real_name,
)
from streams.settings import Settings
from tests.support.own_folder import own_folder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory and an environment of our own."""
    return own_folder(tmp_path, monkeypatch)


def written(folder: Path, text: str) -> None:
    (folder / "overcast.toml").write_text(text)


def test_every_setting_has_a_default_and_says_what_it_is() -> None:
    Settings()
    assert all(field.description for field in Settings.model_fields.values())


def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings().kafka == "127.0.0.1:9092"
    written(folder, 'kafka = "file:1"\nredis = "redis://file/0"\npartitions = 8\n')
    assert (Settings().kafka, Settings().partitions) == ("file:1", 8)
    monkeypatch.setenv("OVERCAST_KAFKA", "environment:1")
    assert Settings().kafka == "environment:1"
    assert Settings(kafka="flag:1").kafka == "flag:1"
    chosen = options.settings(kafka="flag:1", topic_prefix=None)
    assert (chosen.kafka, str(chosen.redis), chosen.partitions) == ("flag:1", "redis://file/0", 8)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("partitions", "many", "valid integer"),
        ("partitions", "0", "greater than or equal to 1"),
        ("partitions", "1025", "less than or equal to 1024"),
        ("metrics_port", "70000", "less than or equal to 65535"),
        ("match_ttl", "5", "greater than or equal to 60"),
        ("snapshot_every", "", "valid integer"),
    ],
)
def test_a_wrong_value_is_refused_and_the_setting_named(
    name: str, value: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"OVERCAST_{name.upper()}", value)
    with pytest.raises(ValidationError, match=rf"{name}\n.*{why}"):
        Settings()


def test_a_wrong_value_in_the_file_is_refused_and_the_setting_named(folder: Path) -> None:
    written(folder, "live_matches = -3\n")
    with pytest.raises(ValidationError, match="live_matches"):
        Settings()


def test_an_unknown_setting_in_the_file_is_refused_by_name(folder: Path) -> None:
    written(folder, "partition = 8\n")
    with pytest.raises(ValidationError, match=r"partition\n.*not permitted"):
        Settings()


def test_a_file_that_is_no_toml_is_refused(folder: Path) -> None:
    written(folder, "partitions: 8\n")
    with pytest.raises(ValueError, match="line 1"):
        Settings()


def test_settings_cannot_be_changed_midway() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().kafka = "elsewhere:1"


def test_every_topic_has_a_name_of_its_own_and_says_what_it_is() -> None:
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)
    for topic in TOPICS:
        assert topic.name.startswith("cricket.")
        assert all((topic.key, topic.holds, topic.writer, topic.readers))


@pytest.mark.parametrize("topic", [BALLS, PREDICTIONS, LABELS, METRICS, DEAD_LETTERS])
def test_a_topic_of_events_has_kafkas_own_times_and_as_many_partitions_as_balls(
    topic: Topic,
) -> None:
    assert topic.config["message.timestamp.type"] == "LogAppendTime"
    assert int(topic.config["retention.ms"]) >= 86_400_000
    assert "cleanup.policy" not in topic.config
    assert topic.partitions == BALLS.partitions


def test_models_are_compacted_on_one_partition_with_room_for_a_snapshot() -> None:
    assert MODELS.config["cleanup.policy"] == "compact"
    assert MODELS.partitions == 1
    assert int(MODELS.config["max.message.bytes"]) > 1_000_000


def test_the_story_of_a_model_is_kept_for_good_and_in_one_order() -> None:
    assert DRIFT.config["retention.ms"] == "-1"
    assert "cleanup.policy" not in DRIFT.config
    assert DRIFT.partitions == 1


def test_a_prefix_keeps_deployments_apart() -> None:
    assert real_name(BALLS, Settings()) == "cricket.balls"
    assert real_name(BALLS, Settings(topic_prefix="staging.")) == "staging.cricket.balls"


def test_a_models_label_partition_is_in_range_and_never_moves() -> None:
    """Fixed for good: a learner finds its position in the log by it."""
    fixed = {"t20-male": 1, "t20-female": 2, "odi-male": 2, "odi-female": 0}
    assert {key: label_partition(key, 4) for key in KEYS} == fixed
    for partitions in (1, 2, 7, 1024):
        for key in (*KEYS, "", "Ødegård"):
            assert 0 <= label_partition(key, partitions) < partitions
