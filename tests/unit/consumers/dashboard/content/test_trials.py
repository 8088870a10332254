"""What the operator's page knows of a contest: from the decisions, and from what is stored."""

from consumers.dashboard.content.trials import (
    StoredContest,
    Trial,
    frozen_by,
    stored_contest,
    trials_of,
)
from learning.contest.challenger import Challenger
from learning.contest.contest import Contest
from learning.contest.decisions import (
    AnyDecision,
    Cause,
    Evidence,
    Frozen,
    RolledBack,
    Unfrozen,
)
from tests.support.contests import on_trial
from tests.support.decisions import EVIDENCE, common, promoted, raised, retired
from tests.support.orders import checked


def names(decisions: list[AnyDecision], stored: StoredContest | None = None) -> list[str]:
    return [trial.name for trial in trials_of(decisions, stored)]


def test_a_challenger_is_on_trial_from_its_raising_until_it_is_retired() -> None:
    assert names([]) == []
    assert names([raised("a"), raised("b")]) == ["a", "b"]
    assert names([raised("a"), raised("b"), retired("a")]) == ["b"]


def test_after_a_promotion_the_former_champion_is_on_probation_alone() -> None:
    begun: list[AnyDecision] = [raised("a"), raised("b"), promoted("a", "v1"), retired("b")]
    (former,) = trials_of(begun, None)
    assert (former.name, former.on_probation, former.evidence.limit) == ("v1", True, 200)
    back = RolledBack(**common(4), challenger="a", former="v1", evidence=EVIDENCE)
    assert names([*begun, back]) == []


def test_the_evidence_is_that_of_the_stored_contest() -> None:
    stored = StoredContest("v1", frozen=False, trials=(Trial("a", "quick", EVIDENCE),))
    (trial,) = trials_of([raised("a")], stored)
    assert trial.evidence == EVIDENCE
    (fresh,) = trials_of([raised("a")], None)
    assert (fresh.evidence.matches, fresh.evidence.limit) == (0, 200)
    assert (fresh.evidence.low, fresh.evidence.high) == (-1.0, 1.0)


def test_what_is_stored_shows_no_trial_that_has_ended_since_and_none_twice() -> None:
    trials = (Trial("a", "quick", EVIDENCE), Trial("old", "alert", EVIDENCE))
    stored = StoredContest("v1", frozen=False, trials=trials)
    assert names([raised("a"), retired("a")], stored) == ["old"]  # raised before the log began
    assert names([raised("a"), promoted("a", "v1")], stored) == ["v1", "old"]


def test_frozen_is_what_the_last_order_made_of_it() -> None:
    frozen, free = Frozen(**common(1, operator="asha")), Unfrozen(**common(2))
    stored = StoredContest("v1", frozen=True, trials=())
    assert frozen_by([], None) == (False, None)
    assert frozen_by([], stored) == (True, None)
    assert frozen_by([frozen], None) == (True, frozen)
    assert frozen_by([frozen, free], stored) == (False, None)
    assert frozen_by([free, frozen], None) == (True, frozen)


def test_the_page_shows_of_a_contest_what_the_contest_itself_shows() -> None:
    """Of a real one: its own names, its own evidence, its own frozen state."""
    pairs = ((0.6, 0.5), (0.7, 0.9), (0.5, 0.2))
    contest = Contest(on_trial("t20-male", pairs))
    decisions = contest.apply_order(checked("freeze", "t20-male"), Cause("cricket.labels", 0, 9))
    stored = stored_contest(contest.checkpoint("v2", {}))
    (challenger,) = contest.challengers()
    assert isinstance(challenger, Challenger)
    name = challenger.state.name
    assert stored.trials == (Trial(name, "quick", challenger.evidence()),)
    assert isinstance(stored.trials[0].evidence, Evidence)
    assert (stored.champion, stored.frozen) == ("v2", True)
    assert frozen_by(decisions, stored)[0]
