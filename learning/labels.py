"""Questions as they were asked of a match, and labels: the answers that the match gave."""

from dataclasses import dataclass

import msgspec


class Question(msgspec.Struct, frozen=True, gc=False):
    """What was asked at one moment, with the inputs it was asked with and the answers given.

    `inputs` in the catalogue's order, `rate` the run-rate baseline's one input. `win`, `engine`
    and `baseline` are the batting side's chance in a match that is decided: the system's, the
    engine's alone, the baseline's. `total` is the projected total in runs, `engine_total` and
    `spread` the engine's mean and standard deviation, `quantiles` its five of the total
    (`forecast.engine.QUANTILES`), asked of first innings only.
    """

    innings: int
    balls: int
    inputs: tuple[float, ...]
    rate: float
    win: float
    engine: float
    baseline: float
    total: float
    engine_total: float
    spread: float
    quantiles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """An answered task of one match; all that the learner needs, and nothing of the wire.

    task "total": the first innings ended undisturbed, `truth` is its total.
    task "win": a decided, undisturbed match, `truth` is 1 if the side batting first won.
    task "result": ties and matches under D/L, for the ratings only; `truth` 1, 0.5 or 0.
    `codes` are the balls played as the engine numbers them (`forecast.engine.Engine.code`): of
    the first innings for "total", of an undisturbed chase for "win" and "result"; `duels` say who
    faced whom in them (`learning.duels`), by the places in `lineups`: who batted, who bowled.
    """

    key: str
    task: str
    truth: float
    teams: tuple[str, str]
    batting_first: str
    event: str
    venue: str
    date: str
    questions: tuple[Question, ...] = ()
    codes: tuple[int, ...] = ()
    duels: tuple[int, ...] = ()
    lineups: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
