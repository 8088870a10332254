"""`python -m streams.probe [live|ready]`: ask the process of this container whether it is well.

For health checks: it imports the standard library only, and ends with 0 if all is well, else with
1 and what is wrong.
"""

import os
import sys
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ANSWER_SECONDS = 5.0


def ask(url: str) -> tuple[bool, str]:
    """Whether all is well, and the text that the process answered."""
    try:
        with urlopen(url, timeout=ANSWER_SECONDS) as answer:  # noqa: S310  our own http address
            return True, answer.read().decode()
    except HTTPError as refusal:
        return False, refusal.read().decode()
    except (URLError, OSError) as error:
        return False, f"no answer at {url}: {error}\n"


def main() -> None:
    """Ask /ready, or the path that is named, on OVERCAST_METRICS_PORT."""
    question = sys.argv[1] if len(sys.argv) > 1 else "ready"
    port = os.environ.get("OVERCAST_METRICS_PORT", "9464")
    well, text = ask(f"http://127.0.0.1:{port}/{question}")
    sys.stdout.write(text)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
