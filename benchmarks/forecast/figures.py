"""The pictures of the report, as SVG: the ladder, reliability, log loss and error by over."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

STYLE: dict[Any, Any] = {
    "svg.hashsalt": "overcast",  # the same figures give the same file
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "axes.axisbelow": True,
    "figure.facecolor": "white",
}
COLOURS = {
    "run rate": "#b8b8b8",
    "Duckworth-Lewis par": "#c98a1b",
    "Duckworth-Lewis": "#c98a1b",
    "six-feature logistic": "#8d6fb0",
    "LightGBM": "#2f7d4f",
    "LightGBM + engine": "#79b791",
    "engine": "#7aa6d6",
    "online": "#b3261e",
}
OTHER = "#888888"
NAMES = {"t20-male": "T20 men", "t20-female": "T20 women", "odi-male": "ODI men",
         "odi-female": "ODI women"}  # fmt: skip
INNINGS = {"first": "first innings", "chase": "chase"}
FEWEST_ROWS = 3  # of a curve


def draw(figures: dict[str, Any], folder: Path) -> list[str]:
    """Draws everything for every key; the names of the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with mpl.rc_context(STYLE):
        for key, found in figures.items():
            for name, picture in _pictures(key, found):
                picture.savefig(folder / f"{key}-{name}.svg", metadata={"Date": None})
                plt.close(picture)
                written.append(f"{key}-{name}.svg")
    return written


def _pictures(key: str, found: dict[str, Any]) -> Iterable[tuple[str, Figure]]:
    if found["win"]:
        yield "ladder", _ladder(key, found["win"])
        yield "reliability", _reliability(key, found["win"])
        yield "by-over", _win_by_over(key, found["win"])
    if "total" in found:
        yield "total", _total_by_over(key, found["total"])


def _panels(key: str, win: dict[str, Any], width: float, height: float) -> tuple[Figure, Any]:
    figure, axes = plt.subplots(
        1, len(win), figsize=(width * len(win), height), squeeze=False, layout="constrained"
    )
    for axis, (innings, found) in zip(axes[0], win.items(), strict=True):
        axis.set_title(f"{NAMES[key]}, {INNINGS[innings]}: {found['matches']:,} matches")
    return figure, zip(axes[0], win.values(), strict=True)


def _ladder(key: str, win: dict[str, Any]) -> Figure:
    figure, panels = _panels(key, win, 4.6, 2.9)
    for axis, found in panels:
        losses = found["log_loss"]
        for place, (name, (value, low, high)) in enumerate(losses.items()):
            colour = COLOURS.get(name, OTHER)
            axis.plot([low, high], [place, place], color=colour, linewidth=2)
            axis.plot(value, place, "o", color=colour)
            axis.annotate(f"{value:.3f}", (high, place), (7, -3), textcoords="offset points")
        axis.set_yticks(range(len(losses)), list(losses))
        axis.invert_yaxis()
        axis.margins(x=0.15)
        axis.set_xlabel("log loss (nats), 95 % interval over matches")
    return figure


def _reliability(key: str, win: dict[str, Any]) -> Figure:
    figure, panels = _panels(key, win, 3.6, 3.6)
    for axis, found in panels:
        axis.plot([0, 1], [0, 1], color="black", linewidth=0.7)
        for name in ("LightGBM", "online"):
            bins = found["calibration"][name]["deciles"]
            said, came = [b["said"] for b in bins], [b["came"] for b in bins]
            errors = [[c[0] - c[1] for c in came], [c[2] - c[0] for c in came]]
            axis.errorbar(
                said,
                [c[0] for c in came],
                yerr=[[max(e, 0.0) for e in side] for side in errors],
                fmt="o-",
                markersize=4,
                linewidth=1,
                elinewidth=0.8,
                color=COLOURS[name],
                label=name,
            )
        axis.set_xlabel("chance that was said (tenths of the balls)")
        axis.set_ylabel("share of sides that won")
        axis.legend(frameon=False)
    return figure


def _win_by_over(key: str, win: dict[str, Any]) -> Figure:
    figure, panels = _panels(key, win, 4.6, 3.2)
    for axis, found in panels:
        for name in (
            "Duckworth-Lewis par", "six-feature logistic", "LightGBM", "engine", "online"
        ):  # fmt: skip
            _curve(axis, name, found["by_over"]["log_loss"][name])
        axis.set_xlabel("over of the ball due")
        axis.set_ylabel("log loss (nats)")
        axis.legend(frameon=False)
    return figure


def _total_by_over(key: str, total: dict[str, Any]) -> Figure:
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.2, 3.2), layout="constrained")
    for name in ("Duckworth-Lewis", "LightGBM", "engine", "online"):
        _curve(left, name, total["by_over"]["mae"][name])
    left.set_title(f"{NAMES[key]}: {total['matches']:,} first innings")
    left.set_ylabel("mean absolute error of the total (runs)")
    for metric, wanted in (("coverage_80", 0.8), ("coverage_50", 0.5)):
        _curve(right, "online", total["by_over"][metric]["online"])
        right.axhline(wanted, color="black", linewidth=0.7)
    right.set_title("online: how often its intervals held the total")
    right.set_ylim(0.3, 1.0)
    for axis in (left, right):
        axis.set_xlabel("over of the ball due")
        axis.legend(frameon=False)
    return figure


def _curve(axis: Axes, name: str, values: list[Any]) -> None:
    """A rung by over; the online model's with its band."""
    known = [(over, each) for over, each in enumerate(values, 1) if each is not None]
    if len(known) < FEWEST_ROWS:
        return
    overs = [over for over, _ in known]
    colour = COLOURS.get(name, OTHER)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    again = name in axis.get_legend_handles_labels()[1]
    axis.plot(overs, [each[0] for _, each in known], color=colour, label=None if again else name)
    if name == "online":
        low, high = ([each[side] for _, each in known] for side in (1, 2))
        axis.fill_between(overs, low, high, color=colour, alpha=0.12, linewidth=0)
