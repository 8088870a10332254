"""The pictures of the report, as SVG: what each arm's projections were off by."""

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from benchmarks.drift.figures import STEP
from benchmarks.forecast.figures import STYLE

COLOURS = {"frozen": "#b8b8b8", "always": "#7aa6d6", "system": "#b3261e", "oracle": "#2f7d4f"}


def draw(result: dict[str, Any], folder: Path) -> list[str]:
    """Draws everything; the names of the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        made = {name: _errors(name, found) for name, found in result["scenarios"].items()}
        if "real" in result:
            made["ipl"] = _real(result["real"])
        for name, picture in made.items():
            picture.savefig(folder / f"{name}.svg", metadata={"Date": None})
            plt.close(picture)
    return [f"{name}.svg" for name in made]


def _errors(name: str, found: dict[str, Any]) -> Figure:
    picture, axes = plt.subplots(figsize=(6.0, 2.6), layout="constrained")
    for arm, row in found["errors_by"].items():
        places = [STEP * (n + 0.5) for n in range(len(row))]
        axes.plot(places, row, color=COLOURS[arm], label=arm, linewidth=1.6)
    axes.set(
        title=f"{name}: error of the projected total, {found['seasons']} seasons",
        xlabel="matches since the change",
        ylabel="runs",
    )
    axes.legend(frameon=False, ncols=4, fontsize=8)
    return picture


def _real(found: dict[str, Any]) -> Figure:
    picture, axes = plt.subplots(figsize=(6.0, 2.6), layout="constrained")
    years = sorted(found["seasons"])
    for place, arm in enumerate(("frozen", "always", "system")):
        rows = [found["seasons"][year][arm]["error"] for year in years]
        across = [n + 0.22 * (place - 1) for n in range(len(years))]
        spans = [[row[0] - row[1] for row in rows], [row[2] - row[0] for row in rows]]
        middle = [row[0] for row in rows]
        axes.errorbar(across, middle, spans, fmt="o", color=COLOURS[arm], label=arm, capsize=2)
    axes.set(title="IPL: error of the projected total, 95 % intervals", ylabel="runs")
    axes.set_xticks(range(len(years)), years)
    axes.legend(frameon=False, ncols=3, fontsize=8)
    return picture
