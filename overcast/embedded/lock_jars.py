"""Makes `kafka.lock` again: `python -m overcast.embedded.lock_jars 4.1.0`."""

import sys
from pathlib import Path

import jgo

from overcast.embedded.jars import LOCK, digest

# Kafka speaks through SLF4J and leaves the choice of a voice to its distribution; without this
# one a broker that fails says nothing. The version is that of the log4j-core Kafka asks for.
VOICE = "org.apache.logging.log4j:log4j-slf4j-impl"


def make_lock(version: str) -> str:
    """The lock's text for a version of Kafka."""
    kafka = jgo.resolve(f"org.apache.kafka:kafka_2.13:{version}")
    log4j = next(a.version for a in kafka if a.artifactId == "log4j-core")
    found = {f"{a.groupId}:{a.artifactId}:{a.version}": a for a in kafka}
    voice = jgo.resolve(f"{VOICE}:{log4j}")[0]
    found[f"{VOICE}:{log4j}"] = voice
    lines = [f"{name} {digest(Path(found[name].resolve()))}\n" for name in sorted(found)]
    head = f"# Apache Kafka {version} and what it runs on: coordinates and SHA-256\n"
    return head + "".join(lines)


if __name__ == "__main__":
    Path(__file__).with_name(LOCK).write_text(make_lock(sys.argv[1]))
