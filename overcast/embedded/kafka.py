"""Apache Kafka as one private node in KRaft mode."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from overcast.embedded.certificates import write_secret
from overcast.embedded.jars import kafka_jars
from overcast.embedded.java import find_java
from overcast.embedded.secured import Secured

# No limit of time: a replay's records carry the time at which the match was played, years ago.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={logs}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
replica.fetch.max.bytes=8388608
log.segment.bytes=67108864
log.retention.ms=-1
log.cleaner.dedupe.buffer.size=16777216
"""

# To the console only: warnings, and the few lines that say that the broker runs.
LOGGING = """\
Configuration:
  Appenders:
    Console:
      name: STDOUT
      PatternLayout:
        pattern: "%d %p %m (%c{1})%n"
  Loggers:
    Root:
      level: WARN
      AppenderRef:
        - ref: STDOUT
"""
# Measured from start to first answer: 2.9 s; 3.5 s with the serial collector, 3.1 s without C2.
RUN = ("-XX:-UsePerfData", "-Xms256m", "-Xmx768m", "-XX:+UseG1GC")
FORMAT = (
    "-XX:-UsePerfData",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
)  # 1.0 s instead of 1.4 s


@dataclass(frozen=True, slots=True)
class KafkaFiles:
    """The commands of a prepared node: to format its storage, and to run it."""

    format: list[str]
    run: list[str]


def prepare(
    folder: Path,
    port: int,
    controller: int,
    say: Callable[[str], None],
    secured: Secured | None = None,
) -> KafkaFiles:
    """Write a node's settings into `folder`; EmbeddedError without Java or the jars."""
    java, jars = find_java(), kafka_jars(say)
    folder.mkdir(parents=True, exist_ok=True)
    properties, logging = folder / "server.properties", folder / "log4j2.yaml"
    text = PROPERTIES.format(port=port, controller=controller, logs=folder / "logs")
    properties.write_text(text + (secured.properties(port, controller) if secured else ""))
    logging.write_text(LOGGING)
    classpath = ":".join(map(str, jars))
    base = ["-cp", classpath, f"-Dlog4j2.configurationFile={logging}"]
    storage = ["kafka.tools.StorageTool", "format", "--standalone", "-t", uuid4().hex[:22]]
    to_format = [*FORMAT, *base, *storage, "-c", str(properties)]
    if secured:
        to_format = [_argument_file(secured.folder / "format", [*to_format, *secured.scram])]
    return KafkaFiles(
        format=[str(java), *to_format],
        run=[str(java), *RUN, *base, "kafka.Kafka", str(properties)],
    )


def _argument_file(file: Path, arguments: list[str]) -> str:
    """Java's arguments in a file, since `ps` shows those of a command line."""
    lines = ('"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"\n' for each in arguments)
    write_secret(file, "".join(lines).encode())
    return f"@{file}"
