"""The operator's page: what it says of a trial, and of what follows from an order."""

import pytest

from consumers.dashboard.content.operator import OperatorModel, document
from consumers.dashboard.content.operator_words import evidence_words
from consumers.dashboard.content.trials import StoredContest, Trial
from learning.contest.confidence_sequence import Comparison, Pair
from learning.contest.decisions import AnyDecision, Evidence, Frozen
from learning.keys import KEYS
from tests.support.decisions import AT, common, promoted, raised, retired


def evidence(*pairs: Pair, limit: int = 200) -> Evidence:
    return Comparison(pairs, limit).evidence()


def shown(decisions: list[AnyDecision], stored: StoredContest | None = None) -> OperatorModel:
    contests = {} if stored is None else {"t20-male": stored}
    return document({"t20-male": decisions}, {"t20-male": "v1"}, contests).models[0]


def test_every_model_has_its_part_also_before_anything_is_known_of_it() -> None:
    models = document({}, {}, {}).models
    assert [model.key for model in models] == list(KEYS)
    assert {model.serving for model in models} == {"the model that ships"}
    assert all([a.action for a in model.actions] == ["freeze"] for model in models)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([], "No match has been compared yet; it has 200 to show that it is better."),
        ([(0.5, 0.4)], "Over 1 match it lost 0.100 nats a match less than the champion"),
        ([(0.5, 0.7)] * 3, "Over 3 matches it lost 0.200 nats a match more than the champion"),
        ([(0.5, 0.4)], "so nothing is proved yet"),
        ([(0.9, 0.4)] * 60, "All of that is above 0.005: it is better."),
        ([(0.4, 0.9)] * 60, "All of that is below zero: it is worse."),
        ([(0.5, 0.4)] * 3, "197 of 200 matches are left."),
        ([(0.5, 0.4)] * 220, "0 of 200 matches are left."),
    ],
)
def test_the_confidence_sequence_is_told_in_words(pairs: list[Pair], words: str) -> None:
    assert words in evidence_words(evidence(*pairs))


def test_the_words_name_the_bounds_and_what_they_are_worth() -> None:
    e = evidence((0.5, 0.4), (0.6, 0.7))
    assert f"between {e.low:+.3f} and {e.high:+.3f}" in evidence_words(e)
    assert "With 90% confidence" in evidence_words(e)


def test_a_model_that_is_frozen_says_by_whom_and_why_and_can_be_unfrozen() -> None:
    model = shown([Frozen(**common(1, "a final", "asha"))])
    assert (model.frozen, model.frozen_words) == (True, "frozen by asha: a final")
    (action,) = model.actions
    assert (action.action, action.label) == ("unfreeze", "Unfreeze Men's T20")
    assert "published at once" in action.consequence


def test_freezing_says_what_goes_on() -> None:
    (action,) = shown([]).actions
    assert "Workers go on forecasting with v1" in action.consequence
    assert "Learning and scoring go on" in action.consequence


def test_a_challenger_can_be_promoted_and_it_is_said_what_becomes_of_the_others() -> None:
    trials = (
        Trial("a", "quick", evidence((0.9, 0.4), (0.9, 0.4))),
        Trial("b", "alert", evidence()),
    )
    stored = StoredContest("v1+9", frozen=False, trials=trials)
    first, second = shown([raised("a"), raised("b")], stored).trials
    assert (first.action.action, first.action.challenger) == ("promote", "a")
    assert first.action.label == "Promote a"
    assert "a serves every match" in first.action.consequence
    assert "The evidence is not enough: with 90% confidence" in first.action.consequence
    assert "No match has been compared yet." in second.action.consequence
    assert "v1+9 goes on probation: in 200 matches" in first.action.consequence
    assert "The other challenger is retired." in first.action.consequence
    assert first.what == (
        "the champion, as unsure of the level as of a new competition, and it goes on forgetting "
        "three times as fast"
    )
    assert second.evidence.matches == 0


def test_a_promotion_on_evidence_says_so_and_while_frozen_that_it_waits() -> None:
    proved = StoredContest(
        "v1", frozen=True, trials=(Trial("a", "quick", evidence(*[(0.9, 0.4)] * 60)),)
    )
    frozen: list[AnyDecision] = [raised("a"), Frozen(**common(2))]
    (trial,) = shown(frozen, proved).trials
    assert "The evidence is for it" in trial.action.consequence
    assert "serves only when the model has been unfrozen" in trial.action.consequence


def test_a_former_champion_can_be_rolled_back_to() -> None:
    (trial,) = shown([raised("a"), promoted("a", "v0")]).trials
    assert (trial.name, trial.on_probation, trial.what[:19]) == ("v0", True, "the former champion")
    assert (trial.action.action, trial.action.challenger) == ("rollback", "")
    assert trial.action.label == "Roll back to v0"
    assert "gets no probation" in trial.action.consequence


def test_decisions_are_shown_the_newest_first_with_their_figures() -> None:
    model = shown([raised("a"), retired("a")])
    assert [d.title for d in model.decisions] == ["retired", "challenger raised"]
    assert model.decisions[0].figures.startswith("7 matches: champion 0.500, challenger 0.400")
    assert model.decisions[1].figures == ""
    many = shown([raised(str(n), n) for n in range(30)])
    assert [d.at - AT for d in many.decisions] == list(range(29, 17, -1))
