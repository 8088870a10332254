"""docs/forecast.md, made of the figures: nothing in it is written by hand but `tried.md`."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.forecast.figures import INNINGS, NAMES
from benchmarks.forecast.ladder_total import ONLINE

TRIED = Path(__file__).with_name("tried.md")
Rows = Iterable[Sequence[str]]


def report(figures: dict[str, Any], pictures: Sequence[str], command: str) -> str:
    """The page, in Markdown."""
    parts = [_head(figures, command)]
    for key, found in figures["keys"].items():
        parts.append(f"## {NAMES[key]}\n\n{_scope(found)}")
        parts += [_win(key, innings, each) for innings, each in found["win"].items()]
        parts += [_total(found["total"])] if "total" in found else []
        parts += [_next(found["next_ball"]), _apart(found["apart"])]
        parts += [f"![{name}](forecast/{name})" for name in pictures if name.startswith(key)]
    parts += [_controls(figures), _trees(figures), _cost(figures["cost"])]
    parts.append("## What was tried\n\n" + TRIED.read_text().split("-->\n", 1)[-1].strip())
    parts.append(_manifest(figures))
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(figures: dict[str, Any], command: str) -> str:
    return f"""# The forecast, measured

Made by `{command}` on {figures["date"]} at commit `{figures["commit"]}` on {figures["machine"]}, \
in {figures["seconds"]:.0f} seconds. Do not edit: everything but "What was tried" is regenerated.

Every recorded match is walked through in the order of the dates, with what was known before each \
ball; answers are learned when they come. Years before {figures["test_from"]} served to choose, \
{figures["test_from"]} and later are reported. A row is a delivery that does not end its innings, \
all rungs are judged on the same rows, and intervals are 95 % by resampling matches \
({figures["draws"]:,} times), differences paired. A lead below zero is the online model's. Win \
figures are of decided matches of full length without Duckworth-Lewis; ties and the others have a \
table of their own. Beside the calibration error over ten bins of equally many balls, and the \
largest gap of one of them, stands in brackets what a calibrated forecast of as many matches would \
exceed once in twenty times. LightGBM is grown anew every January: small trees, chosen on \
{figures["choosing"]}; once on state, rates, ratings and the elevens' strength, once with the \
engine's outputs too."""


def _scope(found: dict[str, Any]) -> str:
    return (
        f"{found['matches']:,} matches from {found['from']} to {found['until']}, "
        f"{found['rows']:,} balls walked."
    )


def _win(key: str, innings: str, found: dict[str, Any]) -> str:
    rows = []
    for name, loss in found["log_loss"].items():
        calibration = found["calibration"][name]
        parts = [name, f"{loss[0]:.4f} {_band(loss)}", _lead(found["log_loss_lead"].get(name), 4)]
        parts += [f"{found[metric][name][0]:.4f}" for metric in ("brier", "accuracy")]
        parts += [f"{found['ece'][name][0]:.3f} ({found['ece_by_chance'][name]:.3f})"]
        gap = "largest_gap_of_deciles"
        parts += [f"{calibration[gap]:.3f} ({calibration[f'{gap}_by_chance']:.3f})"]
        rows.append(parts)
    head = ("rung", "log loss", "online less it", "Brier", "accuracy", "calibration error",
            "largest decile gap")  # fmt: skip
    title = (
        f"### Who wins, {INNINGS[innings]}: {found['matches']:,} matches, {found['rows']:,} balls"
    )
    return f"{title}\n\n{_table(head, rows)}\n\n{_competitions(key, found)}"


def _competitions(key: str, found: dict[str, Any]) -> str:
    rungs = ("LightGBM", "LightGBM + engine", "engine", ONLINE)
    rows = [
        [
            name,
            str(each["matches"]),
            *(f"{each['log_loss'][rung][0]:.4f}" for rung in rungs),
            _lead(each["log_loss_lead"]["LightGBM"], 4),
        ]
        for name, each in found["by_competition"].items()
    ]
    if not rows:
        return ""
    head = ("competition", "matches", *rungs, "online less LightGBM")
    return f"Log loss by competition, {NAMES[key]}:\n\n{_table(head, rows)}"


def _total(found: dict[str, Any]) -> str:
    moments = found["mae_after"]
    rows = []
    for name, error in found["mae"].items():
        parts = [name, f"{error[0]:.2f} {_band(error, 2)}", _lead(found["mae_lead"].get(name), 2)]
        parts += [_number(each, "rungs", name) for each in moments.values()]
        parts += [f"{found['crps'][name][0]:.2f}"]
        parts += [f"{found[f'coverage_{wide}'][name][0]:.1%}" for wide in (50, 80)]
        rows.append(parts)
    head = ("rung", "error, all balls", "online less it", *(f"after {o}" for o in moments),
            "CRPS", "50 % held", "80 % held")  # fmt: skip
    spans = [
        [f"after {over}", *(_share(each[f"coverage_{wide}"], ONLINE) for wide in (50, 80))]
        for over, each in found["coverage_after"].items()
    ]
    return (
        f"### The projected total: {found['matches']:,} first innings, {found['rows']:,} balls\n\n"
        f"Mean absolute error in runs. CRPS is computed from five quantiles, each standing for its "
        f"share of the levels; rungs without quantiles take those of their errors before the test "
        f"years, by over.\n\n{_table(head, rows)}\n\nHow often the online model's intervals held "
        f"the total:\n\n{_table(('overs', '50 %', '80 %'), spans)}"
    )


def _next(found: dict[str, Any]) -> str:
    rows = []
    for innings, each in found.items():
        for name, loss in each["log_loss"].items():
            phases = (f"{p[0]:.4f}" if p else "" for p in each["by_phase"]["log_loss"][name])
            lead = _lead(each["log_loss_lead"].get(name), 4)
            rows.append([INNINGS[innings], name, f"{loss[0]:.4f}", lead, *phases])
    if not rows:
        return ""
    phases = next(iter(found.values()))["phases"]
    head = ("innings", "rung", "log loss", "online less it", *phases)
    return f"### The next ball, of eight outcomes\n\n{_table(head, rows)}"


def _apart(found: dict[str, Any]) -> str:
    rows = []
    for kind in ("D/L", "reduced"):
        for innings in INNINGS:
            each = found[kind].get(innings)
            if each:
                losses = (f"{each['log_loss'][r]:.4f}" for r in ("run rate", "engine", ONLINE))
                rows.append([kind, str(found[kind]["matches"]), INNINGS[innings], *losses])
    head = ("matches with a winner", "number", "innings", "run rate", "engine", ONLINE)
    tie = found["tie"]
    text = f"Ties: {tie['matches']}."
    if tie["matches"]:
        late = next(name for name in tie if name.startswith("chance_in_last"))
        text += (
            f" They were given a chance of {tie['chance']:.1%} over all their balls and "
            f"{tie[late]:.1%} in the last twelve of the chase; all matches "
            f"{tie['chance_in_all']:.1%}."
        )
    return "### Left out above: log loss\n\n" + (f"{_table(head, rows)}\n\n" if rows else "") + text


def _controls(figures: dict[str, Any]) -> str:
    rows = [
        [NAMES[key], INNINGS[i], f"{each['shuffled']:.4f}", f"{each['base']:.4f}",
         _lead(each["lead"], 4), "yes" if each["teaches_nothing"] else "NO"]
        for key, found in figures["keys"].items()
        for i, each in found["shuffled"].items()
    ]  # fmt: skip
    head = ("", "innings", "LightGBM, shuffled", "base rate", "difference", "teaches nothing")
    leak, walk = figures["controls"]["leak_test"], figures["controls"]["walk"]
    return (
        "## Controls\n\nAnswers shuffled between matches, before the test years, must teach "
        "nothing about the true ones: the mean of several shuffles.\n\n"
        f"{_table(head, rows)}\n\n"
        f"The leak test cuts a match after a ball, and changes all that follows: {leak['cuts']} "
        f"cuts in {leak['matches']} matches. Answers of the online model that changed: "
        f"{leak['online']}. With a leak planted on purpose: {leak['planted']} of {leak['cuts']} "
        f"cuts found it. A walk through {walk['matches']} matches ({walk['rows']:,} balls), alone "
        f"and with later matches after them: {'the same' if walk['same'] else 'NOT the same'}."
    )


def _trees(figures: dict[str, Any]) -> str:
    rows = []
    for key, found in figures["keys"].items():
        for task, each in found["lightgbm"].items():
            parts = (each["objective"], each["num_leaves"], each["learning_rate"], each["trees"])
            rows.append([NAMES[key], task, *map(str, parts), f"{each['loss_when_chosen']:.4f}"])
    head = ("", "task", "objective", "leaves", "rate", "trees", "loss when chosen")
    return f"## LightGBM as it was chosen\n\n{_table(head, rows)}"


def _cost(found: dict[str, Any]) -> str:
    rows = [
        [NAMES[key], f"{c['microseconds_per_prediction']:.0f}",
         f"{c['microseconds_per_prediction_p95']:.0f}", f"{c['milliseconds_per_match']:.1f}",
         f"{c['snapshot_bytes'] / 1024:,.0f}", f"{c['seconds_to_install']:.2f}"]
        for key, c in found.items()
    ]  # fmt: skip
    head = ("", "µs a prediction (median)", "95 %", "ms to learn a match", "snapshot, KiB",
            "s to install")  # fmt: skip
    return f"## Cost, on one core\n\nA prediction is all tasks together.\n\n{_table(head, rows)}"


def _manifest(figures: dict[str, Any]) -> str:
    rows = [[f"`{name}`", f"`{digest}`"] for name, digest in figures["manifest"].items()]
    return f"## The matches\n\n{_table(('file', 'SHA-256'), rows)}"


def _table(head: Sequence[str], rows: Rows) -> str:
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ruler, *rows))


def _band(estimate: Sequence[float], digits: int = 3) -> str:
    return f"[{estimate[1]:.{digits}f}, {estimate[2]:.{digits}f}]"


def _lead(estimate: Sequence[float] | None, digits: int) -> str:
    if estimate is None:
        return ""
    value, low, high = (f"{part:+.{digits}f}" for part in estimate)
    return f"{value} [{low}, {high}]"


def _number(each: dict[str, Any], part: str, name: str) -> str:
    return f"{each[part][name][0]:.1f}" if part in each else ""


def _share(each: dict[str, Any], name: str) -> str:
    return f"{each['rungs'][name][0]:.1%} {_band(each['rungs'][name])}" if "rungs" in each else ""
