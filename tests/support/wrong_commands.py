"""Every command with something that it lacks or is given wrong, and what it says of it.

A command that is new has to be named here: `test_no_command_is_forgotten` finds it.
"""

import re
from dataclasses import dataclass

NOWHERE = "127.0.0.1:1"  # nothing listens there
KAFKA = rf"no Kafka answers at {re.escape(NOWHERE)}\. Start one with 'overcast up', or name yours"


@dataclass(frozen=True)
class Case:
    """A command with something wrong; the words say what is said of it."""

    command: str
    words: str
    environment: str = ""  # NAME=value

    def __str__(self) -> str:
        return f"{self.environment} {self.command}".strip()


FORECAST = r"|sklearn is not installed here: make forecast"  # `make test` does not bring it
NO_DATA = r"foreign holds no Cricsheet match: name a zip or folder" + FORECAST
EMPTY = r"empty holds no Cricsheet match: name a zip or folder" + FORECAST
ORDERS = ("promote t20-male x", "rollback t20-male", "freeze t20-male", "unfreeze t20-male")
WITHOUT_SERVERS = (
    *(Case(f"overcast {order}", KAFKA) for order in ORDERS),
    Case("overcast replay 1426294", KAFKA),
    Case("overcast reproduce --sample 9", KAFKA),
    Case("overcast watch", KAFKA),
    Case("overcast dashboard --port 0", KAFKA),
    Case("overcast worker", KAFKA),
    Case("overcast topics --create", KAFKA),
    Case("overcast acls --apply", KAFKA),
    Case("overcast history", KAFKA),
    Case("overcast shadow", KAFKA),
    Case("overcast models list", KAFKA),
    Case("overcast models show t20-male v1", KAFKA),
    Case("overcast models diff t20-male v1 v2", KAFKA),
    Case("overcast archive new", KAFKA),
    Case("overcast schemas push", r"no schema registry is configured.*--registry URL"),
    Case(f"overcast schemas push --registry http://{NOWHERE}", rf"http://{NOWHERE} did not take"),
    Case(f"overcast fetch ipl --source http://{NOWHERE}/", "Is there internet, and is the name"),
    *(
        Case(f"python -m benchmarks.{name}", KAFKA)
        for name in ("pure", "plain", "same_bytes", "naive")
    ),
    Case("python -m benchmarks.quix", r"quixstreams is not installed here: make bench"),
    Case("python -m benchmarks.quix_kept", r"quixstreams is not installed here: make bench"),
    Case("python examples/consumer.py 127.0.0.1:1", r"no Kafka answers at 127\.0\.0\.1:1"),
)
TAKEN = r"cannot listen on 127\.0\.0\.1:{port}: Address already in use\..*"
TAKEN_PORTS = (
    Case("overcast dashboard --port {port}", TAKEN + "--port or OVERCAST_DASHBOARD_PORT"),
    Case("overcast worker", TAKEN + "OVERCAST_METRICS_PORT", "OVERCAST_METRICS_PORT={port}"),
    Case("overcast worker", TAKEN + "OVERCAST_WORKER_PORT", "OVERCAST_WORKER_PORT={port}"),
    Case("python -m faust", TAKEN + "OVERCAST_METRICS_PORT", "OVERCAST_METRICS_PORT={port}"),
)
WRONG_DATA = (
    *(
        Case(f"{command} --data {place}", words)
        for command in (
            "overcast demo",
            "overcast replay",
            "python -m benchmarks.bench",
            "python -m benchmarks.hostile",
            "python -m benchmarks.forecast",
            "python -m tests.fire",
        )
        for place, words in (
            ("foreign", NO_DATA),
            ("empty", EMPTY),
            ("nowhere", r"nowhere: (no Cricsheet zip, folder or \.json file|not there)" + FORECAST),
        )
    ),
    *(
        Case(f"overcast {command} --data {place}", rf"no match 1426294 in {place}")
        for command in (
            "scorecard 1426294",
            "story 1426294",
            "whatif 1426294 --at 1.1",
            "why 1426294 --at 1.1",
        )
        for place in ("foreign", "empty")
    ),
    Case("overcast scorecard nosuch", r"no match nosuch here; there are .*Others need --data"),
    Case("overcast scorecard foreign/notes.json", "notes"),
    Case("overcast story nosuch.json", "nosuch"),
    Case("overcast whatif 1426294 --at 99.1", "has no ball 99.1"),
    Case("overcast why 1426294 --at 99.1", "has no ball 99.1"),
    Case("overcast replay nosuch", "no match nosuch here; there are"),
    Case("overcast verify foreign", r"foreign: no Cricsheet match is there \(.*\)\. Name zips"),
    Case("overcast verify empty", r"empty: no Cricsheet match is there\. Name zips"),
    Case("overcast verify nowhere", "nowhere: no Cricsheet zip, folder or .json file"),
    Case("overcast train nowhere --to models", "nowhere"),
    Case("overcast archive foreign", r"foreign holds other files \(such as notes"),
    Case("overcast archive foreign/notes.json", r"notes\.json"),
    Case("overcast contract", r"holds no contract .*--docs"),
    Case("overcast fetch ../ipl", "a name is of letters"),
    Case("overcast fetch ipl --to foreign/notes.json", r"notes\.json: a file is there"),
    Case("overcast models list nosuch", "no model 'nosuch'; there are t20-male"),
    Case("overcast history nosuch", "no model 'nosuch'; there are t20-male"),
    Case("overcast shadow --from soon", r"'soon' is no time: write 2026-"),
    Case("overcast shadow --models empty", "empty holds no snapshots"),
    Case("overcast shadow --models foreign", r"notes\.json is no snapshot"),
    Case("overcast freeze nosuch", "no model 'nosuch'; there are t20-male"),
    Case("overcast token asha", r"dashboard_tokens is missing: name the file"),
    Case("overcast token a/b", "a name is of letters", "OVERCAST_DASHBOARD_TOKENS=new"),
    Case(
        "overcast token x",
        r"notes\.json, line 1 is not",
        "OVERCAST_DASHBOARD_TOKENS=foreign/notes.json",
    ),
    Case(
        "overcast dashboard",
        r"notes\.json, line 1 is not",
        "OVERCAST_DASHBOARD_TOKENS=foreign/notes.json",
    ),
    Case("overcast dashboard", "nowhere: it is not there", "OVERCAST_DASHBOARD_TOKENS=nowhere"),
    Case("overcast reproduce", "name MATCH and SEQ, or --sample N"),
    Case("overcast reproduce 1426294", "name MATCH and SEQ, or --sample N"),
    Case("overcast watch --until soon", "a ball is written over.ball"),
    Case("overcast acls --role learner", "no role 'learner'; there are feed, worker, viewer"),
    Case("overcast acls --principal User:w", "--principal User:w needs --role: which of feed"),
    Case("overcast acls --role feed --principal w", "'w' is no principal: write it as Kafka does"),
    Case(
        "overcast acls --role feed --principal User:*", r"User:\* is everybody: name the one user"
    ),
    Case(
        "overcast acls --apply --command-config x", "--command-config is for the printed commands"
    ),
    Case("overcast acls --role worker", r"set OVERCAST_GROUP", "OVERCAST_GROUP=*"),
    Case("overcast worker --loglevel loud", "a level is one of DEBUG, INFO"),
    Case("overcast up", r"servers.*OVERCAST_STATE_DIR", "OVERCAST_STATE_DIR=foreign"),
    Case("overcast up", r"servers.*OVERCAST_STATE_DIR", "OVERCAST_STATE_DIR=foreign/notes.json"),
    Case("python -m benchmarks.forecast", "give a Cricsheet zip or a folder" + FORECAST),
    Case("python -m benchmarks.drift --data empty", r"empty lacks ipl_json\.zip"),
    Case("python -m producers.ship nowhere --to new", "nowhere: no Cricsheet zip"),
    Case("python -m overcast.picture nowhere/a.svg", r"nowhere/a\.svg: it is not there"),
    Case("python examples/calibration.py empty a.png", "empty holds no archive"),
)
# Needs no server, no port and no data that can be wrong.
HARMLESS = {
    "overcast keygen",
    "overcast status",
    "overcast down",
    "python -m benchmarks.ball",
    "python -m benchmarks.memory",
    "python -m benchmarks.pipeline",
    "python -m benchmarks.same_output",
    "python -m benchmarks.why",
    "python -m benchmarks.viewers",  # starts its own servers
    "python -m benchmarks.drift.calibrate",
    "python -m overcast.embedded.lock_jars",  # its one argument needs the internet
    "python -m tests.fuzz",  # `make fuzz` brings what it needs
    "python -m tests.k8s",  # builds and starts what it needs
    "python -m overcast",  # the same as `overcast`
}
# Not commands: parts of others, which start them.
PARTS = {"overcast.embedded.supervisor", "tests.fire.sabotage", "streams.probe"}
CASES = (*WITHOUT_SERVERS, *TAKEN_PORTS, *WRONG_DATA)
