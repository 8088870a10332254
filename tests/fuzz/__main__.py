"""`make fuzz TARGET=events SECONDS=60`: atheris, guided by the coverage of the decoders.

What it finds new is kept in build/fuzz; a fault is written beside it, and belongs into
tests/fuzz/corpus with its mending.
"""

import argparse
import sys
from pathlib import Path

from tests.fuzz.corpus import FOLDER

try:
    import atheris
except ImportError:  # nothing of Overcast may be imported before it
    sys.stderr.write("Error: atheris is not installed here: make fuzz brings it; Linux only.\n")
    sys.exit(2)


def main() -> None:
    """Fuzzes one target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(path.name for path in FOLDER.iterdir()))
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    with atheris.instrument_imports(include=["streams", "cricket", "learning", "features"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415  instrumented as it is imported
    found = Path("build/fuzz") / given.target
    found.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={given.seconds}", "-rss_limit_mb=2048", "-timeout=5"]
    places = [str(found), str(FOLDER / given.target)]
    atheris.Setup(
        [sys.argv[0], *options, f"-artifact_prefix={found}/", *places], TARGETS[given.target]
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
