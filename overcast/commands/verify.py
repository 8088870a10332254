"""`overcast verify`: recorded matches folded and compared with what their files say."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import MofNCompleteColumn, Progress

from cricket.archive import Library, matches_in
from cricket.verdicts import Report, verdicts

SHOWN_AT_ONCE = 50  # matches between two movements of the bar


def verify(
    paths: Annotated[list[Path], typer.Argument(help="Cricsheet zips, folders or files.")],
    to: Annotated[
        Path | None, typer.Option("--json", help="Write the figures and reasons here too.")
    ] = None,
) -> None:
    """Replay recorded matches and reconcile them with themselves; exit 1 if one fails."""
    console = Console()
    began = time.process_time()  # of one core: what else the machine does is not our speed
    report = _verified(paths)
    figures = _figures(report, time.process_time() - began)
    if to is not None:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    for told in report.unreconciled:
        line = f"{told.match}  {told.verdict}: {told.reason}"
        console.print(escape(line), highlight=False, soft_wrap=True)
    console.print(_summary(figures), highlight=False, soft_wrap=True)
    if not report.matches:
        raise ValueError(f"no matches in {', '.join(map(str, paths))}")
    if report.failed:
        raise typer.Exit(1)


def _verified(paths: list[Path]) -> Report:
    """The report; the archive is listed once for the bar and once to be read, and never held."""
    report = Report()
    bar = Progress(
        *Progress.get_default_columns(), MofNCompleteColumn(), console=Console(stderr=True)
    )
    with Library(msgspec.json.Decoder().decode) as library, bar:
        task = bar.add_task("verify", total=sum(1 for _ in matches_in(*paths)))
        for verdict in verdicts(library, matches_in(*paths)):
            report.add(verdict)
            if report.matches % SHOWN_AT_ONCE == 0:
                bar.update(task, completed=report.matches)
        bar.update(task, completed=report.matches)
    return report


def _figures(report: Report, seconds: float) -> dict[str, Any]:
    """The counts, and for each unreconciled match its reason.

    Balls a second are those of one core's time, unpacking and parsing included.
    """
    counts = ("matches", "balls", "reconciled", "explained", "failed")
    figures: dict[str, Any] = {name: getattr(report, name) for name in counts}
    figures["balls_per_second"] = round(report.balls / seconds)
    told = (asdict(verdict) for verdict in report.unreconciled)
    named = ("match", "verdict", "reason")
    figures["unreconciled"] = [{name: one[name] for name in named} for one in told]
    return figures


def _summary(figures: dict[str, Any]) -> str:
    return (
        f"{figures['matches']:,} matches, {figures['balls']:,} balls: "
        f"{figures['reconciled']:,} reconciled, {figures['explained']:,} explained, "
        f"{figures['failed']:,} failed; {figures['balls_per_second']:,} balls a second of one core"
    )
