"""docs/drift.md, made of the figures: nothing in it is written by hand but `tried.md`."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.drift.arms import SHIPPED_EVERY
from benchmarks.drift.world import SCENARIOS
from learning.training.schedule import MOVED

TRIED = Path(__file__).with_name("tried.md")
TASKS = {"errors": ("score error, runs", 2), "losses": ("log loss, nats", 4)}
TARGET, FALSE_TARGET = 0.8, 1.0
WHOLE = 200  # seasons
ARMS = ("frozen", "always", "system", "oracle")


def report(result: dict[str, Any], pictures: Sequence[str]) -> str:
    """The page, in Markdown."""
    parts = [_head(result), _verdict(result)]
    for name, found in result["scenarios"].items():
        parts += [_scenario(name, found)]
        parts += [f"![{name}](drift/{p})" for p in pictures if p == f"{name}.svg"]
    parts += [_false(result["false"]), _policies(result["policies"])]
    if "real" in result:
        parts += [_real(result["real"]), "![IPL](drift/ipl.svg)"]
    parts.append("## What was tried\n\n" + TRIED.read_text().strip())
    return "\n\n".join(parts) + "\n"


def _head(result: dict[str, Any]) -> str:
    return f"""# When the game changes, measured

Made by `make drift` on {result["date"]} at commit `{result["commit"]}` on {result["machine"]}. \
Do not edit: everything but "What was tried" is regenerated.

{result["seasons"]} made-up seasons of two competitions: {result["before"]} matches or more as the \
model knows the game, then a change, then {result["after"]} matches. Four arms answer the same \
balls: **frozen** learns nothing more; **always** is the learner that was shipped before there was \
a contest, with a snapshot every {SHIPPED_EVERY} labels; **system** is the contest as a worker \
runs it, with a snapshot at once when the level has moved by {MOVED} in tilt; \
**oracle** is the always-learning model told of each change when it happens: it doubts its level \
and publishes at once. The engine's tables are those of before the change in all arms. Intervals \
are 95 % by resampling seasons."""


def _verdict(result: dict[str, Any]) -> str:
    """The targets and whether they were met, in so many words."""
    false = result["false"]
    met = "met" if false["per_1000"] <= FALSE_TARGET else "**missed**"
    rate = f"{false['per_1000']:.2f} in 1,000 matches ({false['system']} in {false['matches']:,})"
    target = f"at most {FALSE_TARGET:.0f} is the target: {met}"
    lines = [f"- False alarms of the shipped setting: {rate}; {target}."]
    for name, found in result["scenarios"].items():
        if "errors_recovered" in found:
            share = found["errors_recovered"]["system"]
            met = "met" if share[0] >= TARGET else "**missed**"
            over = found["errors_over_always"]
            worse = "worse than" if over[1] > 0 else "better than" if over[2] < 0 else "as good as"
            lines.append(
                f"- {name}: {share[0]:.0%} ({share[1]:.0%} to {share[2]:.0%}) of the oracle's gain "
                f"in score error is recovered, 80 % is the target: {met}; {worse} always "
                f"({over[0]:+.3f} runs, {over[1]:+.3f} to {over[2]:+.3f})."
            )
    few = result["seasons"] < WHOLE
    note = f"**Only {result['seasons']} of {WHOLE} seasons: no more than a first look.**\n\n"
    return "## The targets\n\n" + note * few + "\n".join(lines)


def _scenario(name: str, found: dict[str, Any]) -> str:
    rows = []
    for task, (title, digits) in TASKS.items():
        told = found[task]
        cells = [_band(told[arm], digits) if arm in told else "-" for arm in ARMS]
        shares = found.get(f"{task}_recovered", {})
        kept = [f"{shares[a][0]:.0%}" if a in shares else "-" for a in ("always", "system")]
        rows.append([title, *cells, " / ".join(kept)])
    head = ("over the 200 matches after", *ARMS, "recovered (always / system)")
    text = f"## {name}: {SCENARIOS[name].what}\n\n{found['seasons']} seasons.\n\n"
    return text + _table(head, rows) + _delays(found.get("delays"))


def _delays(delays: dict[str, Any] | None) -> str:
    if not delays:
        return ""
    rows = [
        [rule, f"{d['seen']:.0%}", _or_never(d["median"]), _or_never(d["p95"])]
        for rule, d in delays.items()
    ]
    head = ("alarm", "seen within the season", "median delay, matches", "95th percentile")
    return "\n\n" + _table(head, rows)


def _or_never(value: float | None) -> str:
    return "never" if value is None else f"{value:.0f}"


def _false(found: dict[str, Any]) -> str:
    rows = [[rule, f"{rate:.2f}"] for rule, rate in found["rules"].items()]
    rows.append(["all together, as shipped", f"{found['per_1000']:.2f}"])
    head = ("alarm (signal / detector / scope)", "false alarms in 1,000 matches")
    return (
        f"## False alarms\n\nOver {found['matches']:,} matches in which nothing had changed.\n\n"
        + _table(head, rows)
    )


def _policies(found: dict[str, dict[str, Any]]) -> str:
    rows = []
    for name, told in found.items():
        took = f"{median(told['took']):.0f}" if told["took"] else "-"
        ends = ", ".join(f"{count} {why}" for why, count in sorted(told["retired"].items()))
        rows.append([name, str(told["raised"]), str(told["promoted"]), took, ends or "-"])
    head = ("scenario / policy", "raised", "promoted", "matches to promotion (median)", "retired")
    return "## Challengers\n\n" + _table(head, rows)


def _real(found: dict[str, Any]) -> str:
    rows = []
    for year, arms in sorted(found["seasons"].items()):
        cells = [_band(arms[arm]["error"], 2) for arm in ("frozen", "always", "system")]
        rows.append([year, str(arms["frozen"]["matches"]), *cells])
    head = ("IPL", "matches", "frozen", "always", "system")
    told = "\n".join(
        f"- {d['date']} (match {d['match']} of the year), {d['kind']} {d['policy']}: {d['reason']}"
        for d in found["decisions"]
    )
    alone = "; ".join(
        f"{rule}: " + ", ".join(f"{p['date']} (match {p['match']})" for p in places)
        for rule, places in found["alone"].items()
        if places
    )
    return (
        f"## The real one: IPL 2021 to 2024\n\nTrained on {found['trained']['matches']:,} men's "
        f"T20s until {found['trained']['until']}. Error of the projected total in runs, with 95 % "
        f"intervals by resampling matches.\n\n{_table(head, rows)}\n\nWhat the system decided:\n\n"
        f"{told or '- nothing'}\n\nEach rule by itself: {alone or 'no alarm'}."
    )


def _band(told: Sequence[float], digits: int) -> str:
    value, low, high = (f"{number:.{digits}f}" for number in told)
    return f"{value} ({low} to {high})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
