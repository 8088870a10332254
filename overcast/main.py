"""The console script: light, so that a Ctrl-C while the rest is imported is heard too."""

import sys

from overcast.interrupted import INTERRUPTED, LAST_LINE


def main() -> None:
    """Imports the commands and runs the one that was asked for."""
    try:
        from overcast.cli import main as run  # noqa: PLC0415  half a second, inside the try

        run()
    except KeyboardInterrupt:
        sys.stderr.write(f"{LAST_LINE}\n")
        sys.exit(INTERRUPTED)
