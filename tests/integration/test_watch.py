"""`overcast watch` on a real Kafka: a match that is there, and one that is not."""

import os
import subprocess
import sys

from streams.kafka.producer import Producer
from streams.kafka.topics import PREDICTIONS, real_name
from streams.messages.predictions import encode
from streams.rights.roles import VIEWER, WORKER
from streams.settings import Settings
from tests.support.matches import forecasts, log_of, messages, run, short_match
from tests.support.parties import as_role

MADE = forecasts(run(log_of(messages(short_match("m", "14.621" * 4, "11")))))
DEADLINE = 900  # seconds, after which it hangs


def watched(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "overcast", "watch", *arguments]
    where = as_role(settings, VIEWER).as_environment(["kafka", "topic_prefix"])
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        env=os.environ | where | {"COLUMNS": "80"},
        check=False,
    )


def test_watch_of_a_match_that_is_not_there_names_those_that_are(settings: Settings) -> None:
    with Producer(as_role(settings, WORKER).kafka_access) as producer:
        for made in MADE[:11]:
            producer.send(real_name(PREDICTIONS, settings), b"m", encode(made))
    missed = watched(settings, "nosuch")
    assert missed.returncode != 0
    said = " ".join(missed.stderr.split())
    assert "no forecast of a match 'nosuch'; there is: m (RED v BLU)" in said
    assert "Traceback" not in missed.stderr
    found = watched(settings, "m", "--until", "1.5")
    assert found.returncode == 0
    assert MADE[10].ball in found.stdout
