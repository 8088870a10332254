"""Every version of a model, one of them, or two side by side, as tables."""

from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from consumers.decision_words import evidence_figures
from consumers.model_differences import differences
from consumers.model_versions import (
    STAGES,
    ModelLog,
    ModelVersion,
    ancestors,
    named,
    read_model_log,
    versions,
)
from consumers.printing import printable
from learning.keys import KEYS
from learning.model.prequential import metrics
from learning.model.snapshot import Snapshot
from overcast.commands.cluster import partitions_of
from streams.kafka.topics import DRIFT, MODELS
from streams.settings import Settings


def print_all(key: str, settings: Settings) -> None:
    """Print the versions of a model, or of all ("")."""
    log, console = _log(key, settings), Console()
    for each in [key] if key else KEYS:
        console.print(_table(each, versions(log, each)))


def print_one(key: str, version: str, settings: Settings) -> None:
    """Print a version: its parents, what it was trained on, and why it has its stage."""
    log, console = _log(key, settings), Console()
    found = named(versions(log, key), version)
    for line in _lines(log, found):
        console.print(printable(line), highlight=False, markup=False, soft_wrap=True)


def print_differences(key: str, pair: tuple[str, str], settings: Settings) -> bool:
    """Print what differs between two versions, and return whether anything does."""
    found = versions(_log(key, settings), key)
    kept = [_kept(named(found, version)) for version in pair]
    table = Table(title=f"{key}: {pair[0]} and {pair[1]}")
    for title in ("", *pair):
        table.add_column(title)
    for each in differences(*kept):
        table.add_row(*map(printable, each))
    Console().print(table if table.row_count else "nothing differs")
    return bool(table.row_count)


def _log(key: str, settings: Settings) -> ModelLog:
    if key not in {"", *KEYS}:
        raise ValueError(f"no model {key!r}; there are {', '.join(KEYS)}")
    for topic in (MODELS, DRIFT):
        partitions_of(topic, settings)
    return read_model_log(settings)


def _kept(version: ModelVersion) -> Snapshot:
    if version.snapshot is None:
        raise ValueError(f"the snapshot of {version.version} is in no log; decisions name it")
    return version.snapshot


def _table(key: str, found: list[ModelVersion]) -> Table:
    table = Table(title=key)
    for title in ("version", "stage", "since", "trained on", "log loss", "run rate", "of"):
        table.add_column(title)
    for each in found:
        table.add_row(printable(each.version), each.stage, _when(each.at), *_scored(each))
    return table


def _scored(version: ModelVersion) -> tuple[str, str, str, str]:
    """Matches trained on; the log loss of the last matches beside the run rate's, and how many."""
    if version.snapshot is None:
        e = version.evidence
        judged = ("", "", "") if e is None else (f"{e.challenger:.3f}", "", f"{e.matches} on trial")
        return "", *judged
    window, trained = metrics(version.snapshot.scores).window, version.snapshot.trained
    losses = (f"{window.log_loss:.3f}", f"{window.baseline:.3f}") if window.matches else ("", "")
    return f"{trained.matches:,} matches", *losses, f"last {window.matches}"


def _when(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M") if at else "shipped"


def _lines(log: ModelLog, found: ModelVersion) -> list[str]:
    by = f", ordered by {found.decided_by}" if found.decided_by else ""
    lines = [f"{found.key} {found.version}: {found.stage} ({STAGES[found.stage]})"]
    lines.append(f"  since {_when(found.at)}{by}")
    lines.append(f"  parents: {' < '.join(ancestors(log, found)) or 'none'}")
    if (snapshot := found.snapshot) is not None:
        trained = snapshot.trained
        lines.append(
            f"  trained on {trained.matches:,} matches, {trained.balls:,} balls, "
            f"{trained.first or 'never'} to {trained.last or 'never'}"
        )
        lines.append(f"  features {snapshot.feature_version}, digest {snapshot.digest}")
        positions = ", ".join(f"{log} {at}" for log, at in sorted(snapshot.positions.items()))
        lines.append(f"  learned up to {positions or 'no log'}")
    if found.evidence is not None:
        lines.append(f"  {evidence_figures(found.evidence)}")
    return lines
