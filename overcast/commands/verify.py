"""`overcast verify`: fold recorded matches and compare them with what their files say."""

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

SHOWN_AT_ONCE = 50  # matches between two updates of the progress bar


def verify(
    paths: Annotated[list[Path], typer.Argument(help="Cricsheet zips, folders or files.")],
    to: Annotated[
        Path | None, typer.Option("--json", help="Write the figures and reasons to this file too.")
    ] = None,
) -> None:
    """Replay recorded matches and compare them with their own results; exit 1 if one fails."""
    console = Console()
    began = time.process_time()  # of one core, whatever else the machine does
    report = _verified(paths)
    if not report.matches:
        raise ValueError(f"no matches in {', '.join(map(str, paths))}")
    figures = _figures(report, time.process_time() - began)
    if to is not None:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    for verdict in report.unreconciled:
        line = f"{verdict.match}  {verdict.verdict}: {verdict.reason}"
        console.print(escape(line), highlight=False, soft_wrap=True)
    console.print(_summary(figures), highlight=False, soft_wrap=True)
    if report.failed:
        raise typer.Exit(1)


def _verified(paths: list[Path]) -> Report:
    """Return the report; the archive is listed twice, for the bar and to be read, not kept."""
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
    """Return the counts, and for each unreconciled match its reason.

    Balls a second are per second of one core, unpacking and parsing included.
    """
    counts = ("matches", "balls", "reconciled", "explained", "failed")
    figures: dict[str, Any] = {name: getattr(report, name) for name in counts}
    figures["balls_per_second"] = round(report.balls / seconds)
    fields = ("match", "verdict", "reason")
    unreconciled = map(asdict, report.unreconciled)
    figures["unreconciled"] = [{name: row[name] for name in fields} for row in unreconciled]
    return figures


def _summary(figures: dict[str, Any]) -> str:
    return (
        f"{figures['matches']:,} matches, {figures['balls']:,} balls: "
        f"{figures['reconciled']:,} reconciled, {figures['explained']:,} explained, "
        f"{figures['failed']:,} failed; {figures['balls_per_second']:,} balls a second of one core"
    )
