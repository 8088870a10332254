"""The console script: light, so that a Ctrl-C during the slow imports is handled too."""

import sys

from overcast.interrupted import INTERRUPTED, LAST_LINE


def main() -> None:
    """Import the commands and run the one that was asked for."""
    try:
        from overcast.cli import main as run  # noqa: PLC0415  half a second, inside the try

        run()
    except KeyboardInterrupt:
        sys.stderr.write(f"{LAST_LINE}\n")
        sys.exit(INTERRUPTED)
