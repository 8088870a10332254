"""The document of the operator's page: what each model's contest is at, and what can be ordered."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from consumers.dashboard.content import operator_words as words
from consumers.dashboard.content.trials import StoredContest, Trial, frozen_by, trials_of
from consumers.decision_words import evidence_figures, giver, subject, title
from consumers.phrases import kind_of
from learning.contest.decisions import Alarm, AnyDecision, Evidence, Frozen
from learning.keys import KEYS

ALARMS = 5  # newest, of a model
DECISIONS = 12


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """An order that can be given: its name in words, and what follows from it."""

    action: str
    label: str
    consequence: str
    challenger: str = ""


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as a line; `at` in ms, `figures` "" where it rests on none."""

    id: str
    at: int
    kind: str
    title: str
    subject: str
    reason: str
    operator: str
    figures: str


class ShownTrial(msgspec.Struct, frozen=True, kw_only=True):
    """A challenger with its evidence, in figures for the drawing and in words."""

    name: str
    what: str
    words: str
    on_probation: bool
    evidence: Evidence
    action: Action


class OperatorModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model: what serves, whether it is frozen and by whom, its alarms and its challengers."""

    key: str
    kind: str
    serving: str
    frozen: bool
    frozen_words: str
    alarms: tuple[Happened, ...]
    trials: tuple[ShownTrial, ...]
    actions: tuple[Action, ...]
    decisions: tuple[Happened, ...]


class OperatorDocument(msgspec.Struct, frozen=True, kw_only=True):
    """All models."""

    models: tuple[OperatorModel, ...]


def document(
    decisions: Mapping[str, Sequence[AnyDecision]],
    serving: Mapping[str, str],
    contests: Mapping[str, StoredContest],
) -> OperatorDocument:
    """The page, from the decisions in order and the versions that serve, by model key."""
    return OperatorDocument(
        models=tuple(
            _model(key, decisions.get(key, ()), serving.get(key, ""), contests.get(key))
            for key in KEYS
        )
    )


def _model(
    key: str, decisions: Sequence[AnyDecision], serving: str, stored: StoredContest | None
) -> OperatorModel:
    frozen, by = frozen_by(decisions, stored)
    trials = trials_of(decisions, stored)
    serving = serving or (stored.champion if stored else "the model that ships")
    champion = stored.champion if stored else serving
    alarms = [d for d in decisions if isinstance(d, Alarm)]
    return OperatorModel(
        key=key,
        kind=kind_of(key),
        serving=serving,
        frozen=frozen,
        frozen_words=_frozen_words(by) if frozen else "",
        alarms=tuple(map(happened, reversed(alarms[-ALARMS:]))),
        trials=tuple(_trial(each, trials, champion, frozen=frozen) for each in trials),
        actions=tuple(_actions(kind_of(key), serving, frozen=frozen)),
        decisions=tuple(map(happened, reversed(decisions[-DECISIONS:]))),
    )


def _frozen_words(decision: Frozen | None) -> str:
    if decision is None:
        return "frozen"
    return f"frozen by {giver(decision) or 'nobody named'}: {decision.reason}"


def _actions(kind: str, serving: str, *, frozen: bool) -> Iterator[Action]:
    if frozen:
        consequence = words.unfreeze_words(kind)
        yield Action(action="unfreeze", label=f"Unfreeze {kind}", consequence=consequence)
    else:
        consequence = words.freeze_words(kind, serving)
        yield Action(action="freeze", label=f"Freeze {kind}", consequence=consequence)


def _trial(trial: Trial, trials: Sequence[Trial], champion: str, *, frozen: bool) -> ShownTrial:
    order, verb = ("rollback", "Roll back to") if trial.on_probation else ("promote", "Promote")
    consequence = words.promote_words(trial, champion, len(trials) - 1, frozen=frozen)
    return ShownTrial(
        name=trial.name,
        what=words.policy_words(trial),
        words=words.evidence_words(trial.evidence),
        on_probation=trial.on_probation,
        evidence=trial.evidence,
        action=Action(
            action=order,
            label=f"{verb} {trial.name}",
            consequence=consequence,
            challenger="" if trial.on_probation else trial.name,
        ),
    )


def happened(decision: AnyDecision) -> Happened:
    """A decision as the page shows it."""
    evidence = getattr(decision, "evidence", None)
    return Happened(
        id=decision.id,
        at=decision.at,
        kind=str(decision.__struct_config__.tag),
        title=title(decision).lower(),
        subject=subject(decision),
        reason=decision.reason,
        operator=giver(decision),
        figures=_figures(evidence) if isinstance(evidence, Evidence) else "",
    )


def _figures(evidence: Evidence) -> str:
    return evidence_figures(evidence) if evidence.matches else ""
