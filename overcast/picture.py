"""The picture of the terminal view in the README: `python -m overcast.picture docs/terminal.svg`.

It shows a real forecast: a shipped match, run through the pipeline with the starter models.
"""

import argparse
import re
from pathlib import Path

from rich.console import Console

from consumers.phrases import chances, made_with
from consumers.terminal.match_view import view
from learning.starter import load_starter
from producers.recorded import shipped_match
from producers.schedule import timed_events
from streams.failure import run
from streams.messages.events import encode
from streams.messages.predictions import Prediction
from streams.messages.source import Source
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.effects import receive

MATCH, INNINGS, OVERS = "1426294", 1, "15.4"  # Samson has been given out at the boundary
WEB_FONT = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def predictions(match_id: str) -> list[Prediction]:
    """Return every prediction of a shipped match, as a worker makes them."""
    events = enumerate(timed_events(shipped_match(match_id)))
    batch = [receive(None, encode(event), Source("cricket.balls", 0, at)) for at, event in events]
    messages = advance({}, batch, InstalledModels(load_starter())).predictions
    return [message for message in messages if isinstance(message, Prediction)]


def picture(match_id: str, innings: int, overs: str) -> str:
    """Return the view after a ball as SVG, in the reader's own monospaced font."""
    series = predictions(match_id)
    place = next(
        i for i, p in enumerate(series) if (p.card.innings, p.card.overs) == (innings, overs)
    )
    shown = series[place]
    history = [chances(p)[p.teams[0]] for p in series[: place + 1]]
    model = made_with(shown.model_key, shown.model, shown.history_to, shown.date)
    with Path("/dev/null").open("w") as nowhere:
        console = Console(record=True, width=88, file=nowhere, force_terminal=True)
        console.print(view(shown, history, [model]))
    svg = console.export_svg(title="overcast watch", unique_id="overcast")
    return WEB_FONT.sub("", svg).replace("Fira Code", "ui-monospace")


def main() -> None:
    """Write the picture to the file that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    file.write_text(picture(MATCH, INNINGS, OVERS))


if __name__ == "__main__":
    run(main)
