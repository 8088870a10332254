"""An operator's order from the page: through a real Kafka, answered by a real learner."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.dashboard.app import Dashboard
from consumers.dashboard.reader import TopicReader
from consumers.dashboard.sign_in.tokens import add
from learning.contest.decisions import Frozen, OrderRefused, Unfrozen
from streams.kafka.topics import DRIFT
from streams.messages import decisions
from tests.integration.deployment import Deployment, wait_for
from tests.support.visitor import Visitor

KEY = "odi-female"


class Served:
    """A page on this Kafka, its operator and its viewer."""

    def __init__(self, deployment: Deployment, file: Path) -> None:
        self.asha, self.ben = add(file, "asha", "operator"), add(file, "ben", "viewer")
        settings = deployment.settings.model_copy(update={"dashboard_tokens": str(file)})
        self.page = Dashboard(settings)
        self._reader = TopicReader(settings, self.page.live)
        self._reader.start()
        self.page.contests.start()

    def visitor(self, token: str) -> Visitor:
        visitor = Visitor(self.page)
        visitor.sign_in(token)
        return visitor

    def stop(self) -> None:
        self._reader.stop()
        self.page.contests.stop()


@pytest.fixture
def served(deployment: Deployment, tmp_path: Path) -> Iterator[Served]:
    made = Served(deployment, tmp_path / "tokens")
    yield made
    made.stop()


def order(action: str, **more: str) -> dict[str, str]:
    return {"action": action, "model_key": KEY, "reason": "a final"} | more


def test_an_order_from_the_page_is_answered_by_the_learner_and_a_viewer_s_is_refused(
    deployment: Deployment, served: Served
) -> None:
    deployment.start()
    asha, ben = served.visitor(served.asha), served.visitor(served.ben)
    assert ben.act("/api/orders", json=order("freeze")).status_code == 403

    def model() -> dict[str, object]:
        models = asha.ask("/api/operator").json()["models"]
        return next(model for model in models if model["key"] == KEY)  # type: ignore[no-any-return]

    frozen = asha.act("/api/orders", json=order("freeze"))
    assert frozen.status_code == 200, frozen.text
    assert not frozen.json()["refused"]
    assert frozen.json()["decision"]["operator"] == "asha via page (unsigned)"
    words = "frozen by asha via page (unsigned): a final"  # by whom comes with the decision
    wait_for(lambda: model()["frozen_words"] == words, "the page to show it")
    assert model()["frozen"]
    stored = served.page.contests.stored
    wait_for(lambda: KEY in stored() and stored()[KEY].frozen, "the contest to be read")

    refused = asha.act("/api/orders", json=order("promote", challenger="nosuch")).json()
    assert refused["refused"]
    assert "nothing to promote nosuch" in refused["decision"]["reason"]

    assert asha.act("/api/orders", json=order("unfreeze")).status_code == 200
    wait_for(lambda: not model()["frozen"], "the page to show it")
    decided = [decisions.decode(m.value() or b"") for m in deployment.messages(DRIFT)]
    assert [type(each) for each in decided] == [Frozen, OrderRefused, Unfrozen]
    assert {(each.operator, each.via) for each in decided} == {("asha", "page")}
