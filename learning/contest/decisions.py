"""What is decided about a model, each with its numbers and its reason: enough to replay it."""

from collections.abc import Sequence

import msgspec


class Cause(msgspec.Struct, frozen=True):
    """The message of the label log that a decision followed from: an answer, or an order."""

    topic: str
    partition: int
    offset: int
    match_id: str = ""


class Evidence(msgspec.Struct, frozen=True):
    """A paired comparison so far: `gain` is the champion's loss less the challenger's, a match.

    `low` and `high` bound the true mean gain at every moment at once with the stated `confidence`
    (a confidence sequence); a challenger is promoted once `low` is above `margin`. Losses are in
    `unit`; `champion` and `challenger` are their mean losses over the same `matches`.
    """

    matches: int
    gain: float
    low: float
    high: float
    margin: float
    confidence: float
    champion: float
    challenger: float
    limit: int
    unit: str = "loss a match"


class Decision(msgspec.Struct, frozen=True, tag_field="type", kw_only=True):
    """What every decision says.

    `id` is the same whenever the decision is made again from the same log. `at` is the time of
    the message that caused it, in ms; `labels` how many answers the model had learned then;
    `model` the version that served. `operator` is empty for what the system decided by itself;
    else `order_id` names the order, `proof` says in words what proves who gave it ("" if nothing
    does), and `via` which program gave it for the operator.
    """

    id: str
    model_key: str
    at: int
    cause: Cause
    labels: int
    model: str
    reason: str
    operator: str = ""
    order_id: str = ""
    proof: str = ""
    via: str = ""


class Alarm(Decision, frozen=True, tag="alarm", kw_only=True):
    """A signal left where it was: what moved, since when, by how much.

    `scope` is a competition, or "" for all matches of the model. The signal's mean was `before`
    and is `after`, in `unit`, over the `matches` since the match of `since` (a date). `statistic`
    went over `threshold`, which was set for `budget` false alarms in 1,000 matches of all signals
    together.
    """

    signal: str
    scope: str
    detector: str
    since: str
    matches: int
    before: float
    after: float
    unit: str
    statistic: float
    threshold: float
    budget: float


class Raised(Decision, frozen=True, tag="challenger_raised", kw_only=True):
    """A challenger is tried: answers every question beside the champion, and is not served.

    `policy` says how it differs, `warmed` how many of the last answers it was warmed on, `alarm`
    the id of the alarm that raised it. It has `limit` matches to win by more than `margin`.
    """

    challenger: str
    policy: str
    parent: str
    warmed: int
    alarm: str
    margin: float
    limit: int


class Promoted(Decision, frozen=True, tag="promoted", kw_only=True):
    """The challenger is served from here on; the old champion stays on probation beside it."""

    challenger: str
    policy: str
    former: str
    probation: int
    evidence: Evidence


class Retired(Decision, frozen=True, tag="retired", kw_only=True):
    """A challenger is tried no longer.

    `outcome` is "limit" (its matches are over), "worse", "probation" (a former champion that did
    not come back) or "replaced" (another was promoted).
    """

    challenger: str
    policy: str
    outcome: str
    evidence: Evidence


class RolledBack(Decision, frozen=True, tag="rolled_back", kw_only=True):
    """The former champion is served again: it won its probation, or an operator said so."""

    challenger: str
    former: str
    evidence: Evidence


class Frozen(Decision, frozen=True, tag="frozen", kw_only=True):
    """Nothing is promoted and no snapshot is published until it is unfrozen; learning goes on."""


class Unfrozen(Decision, frozen=True, tag="unfrozen", kw_only=True):
    """The contest and the publishing of snapshots go on."""


class OrderRefused(Decision, frozen=True, tag="order_refused", kw_only=True):
    """An operator's order that could not be followed; the reason says why."""

    order: str


AnyDecision = Alarm | Raised | Promoted | Retired | RolledBack | Frozen | Unfrozen | OrderRefused


def publishes(decisions: Sequence[AnyDecision]) -> bool:
    """Whether another model serves from here on: its snapshot must be published at once."""
    return any(isinstance(decision, Promoted | RolledBack) for decision in decisions)
