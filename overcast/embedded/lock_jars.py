"""Write `kafka.lock` again: `python -m overcast.embedded.lock_jars 4.1.0`."""

import argparse
import subprocess
from pathlib import Path

import jgo

from overcast.embedded.jars import LOCK, digest
from streams.failure import run

# Kafka logs through SLF4J and leaves the choice of a binding to its distribution; without this
# one a broker that fails logs nothing. The version is that of the log4j-core Kafka asks for.
SLF4J_BINDING = "org.apache.logging.log4j:log4j-slf4j-impl"


def make_lock(version: str) -> str:
    """Return the lock's text for a version of Kafka."""
    kafka = jgo.resolve(f"org.apache.kafka:kafka_2.13:{version}")
    log4j = next(a.version for a in kafka if a.artifactId == "log4j-core")
    artifacts = {f"{a.groupId}:{a.artifactId}:{a.version}": a for a in kafka}
    binding = f"{SLF4J_BINDING}:{log4j}"
    artifacts[binding] = jgo.resolve(binding)[0]
    lines = [f"{name} {digest(Path(artifacts[name].resolve()))}\n" for name in sorted(artifacts)]
    head = f"# Apache Kafka {version} and what it runs on: coordinates and SHA-256\n"
    return head + "".join(lines)


def main() -> None:
    """Write the lock of the version that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", help="of Kafka, such as 4.1.0")
    version = parser.parse_args().version
    try:
        text = make_lock(version)
    except (RuntimeError, subprocess.CalledProcessError) as error:
        raise ValueError(f"Kafka {version} cannot be resolved: {error}") from error
    Path(__file__).with_name(LOCK).write_text(text)


if __name__ == "__main__":
    run(main)
