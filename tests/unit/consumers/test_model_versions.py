"""Every version has the stage that the decisions on the log gave it; the newest snapshot serves."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from consumers.model_differences import differences
from consumers.model_versions import ModelLog, ModelVersion, ancestors, named, versions
from learning.contest.decisions import AnyDecision, RolledBack
from learning.model.linear import Linear
from learning.model.prequential import Ledger, Score
from learning.model.snapshot import Snapshot, Trained, blank
from tests.support.decisions import AT, EVIDENCE, common, promoted, raised, retired

KEY = "t20-male"
NEW, OTHER = "v1~quick@1", "v1~fresh@2"


def snapshot(version: str, parent: str = "") -> Snapshot:
    return replace(blank(KEY, version), parent=parent)


def stages(*decisions: AnyDecision, published: tuple[Snapshot, ...] = ()) -> dict[str, str]:
    log = ModelLog(
        [(snapshot("v1"), 0), *((s, n) for n, s in enumerate(published, 1))], list(decisions)
    )
    return {each.version: each.stage for each in versions(log, KEY)}


def test_before_anything_happens_the_shipped_model_serves() -> None:
    assert stages() == {"v1": "champion"}


def test_what_was_learned_serves_and_its_parent_is_the_shipped_one() -> None:
    grown = (snapshot("v1+30", "v1"), snapshot("v1+60", "v1+30"))
    assert stages(published=grown) == {"v1+60": "champion", "v1+30": "earlier", "v1": "shipped"}


def test_a_challenger_is_on_trial_until_it_is_retired() -> None:
    assert stages(raised(NEW)) == {NEW: "challenger", "v1": "champion"}
    assert stages(raised(NEW), retired(NEW))[NEW] == "retired"


def test_a_promotion_makes_the_former_champion_the_previous_one_and_a_rollback_undoes_it() -> None:
    served = (snapshot(NEW, "v1"),)
    after = stages(raised(NEW), promoted(NEW, "v1"), published=served)
    assert after == {NEW: "champion", "v1": "previous"}
    back = RolledBack(**common(9, operator="asha"), challenger=NEW, former="v1", evidence=EVIDENCE)
    undone = (*served, replace(snapshot("v1"), version="v1+9"))
    found = stages(raised(NEW), promoted(NEW, "v1"), back, published=undone)
    assert found == {NEW: "rolled back", "v1+9": "champion", "v1": "shipped"}


def test_there_is_one_previous_version_however_many_were_promoted() -> None:
    second = changed(promoted(OTHER, NEW), at=AT + 8)
    found = stages(promoted(NEW, "v1"), second, published=(snapshot(NEW), snapshot(OTHER)))
    assert list(found.values()).count("previous") == 1
    assert found[NEW] == "previous"


def test_who_decided_and_by_what_evidence_stays_with_a_version() -> None:
    back = RolledBack(**common(9, operator="asha"), challenger=NEW, former="v1", evidence=EVIDENCE)
    log = ModelLog([(snapshot("v1"), 0), (snapshot("v1+9"), 1)], [promoted(NEW, "v1"), back])
    found = named(versions(log, KEY), NEW)
    assert (found.decided_by, found.evidence, found.at) == ("asha", EVIDENCE, back.at)
    with pytest.raises(ValueError, match=r"no version 'v7'; there are .*v1"):
        named(versions(log, KEY), "v7")


def test_the_parents_lead_back_to_the_shipped_model() -> None:
    log = ModelLog([(snapshot("v1"), 0), (snapshot("v1+30", NEW), 1)], [raised(NEW)])
    assert list(ancestors(log, ModelVersion(KEY, "v1+30", "champion"))) == [NEW, "v1"]
    circle = ModelLog([(snapshot("a", "b"), 0), (snapshot("b", "a"), 1)])
    assert list(ancestors(circle, ModelVersion(KEY, "a", "champion"))) == ["b"]


def test_two_versions_differ_in_what_was_learned() -> None:
    first = snapshot("v1")
    wins = (Score("win", 3, log_loss=0.5, baseline=0.6),)
    grown = replace(
        snapshot("v2", "v1"),
        trained=Trained(10, 2_400, "2030-01-01", "2030-02-01"),
        scores=Ledger(1, wins=wins),
        models=first.models | {"win_first": Linear(weights=(0.25,) + (0.0,) * 16)},
    )
    before = replace(first, models=first.models | {"win_first": Linear(weights=(0.0,) * 17)})
    found = {each.what: (each.first, each.second) for each in differences(before, grown)}
    assert found["trained matches"] == ("0", "10")
    assert found["last matches: log loss"] == ("0", "0.5")
    assert found["win_first: engine"] == ("+0.0000", "+0.2500")
    assert list(differences(first, first)) == []
