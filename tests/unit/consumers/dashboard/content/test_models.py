"""A model's history, as the page keeps it."""

from consumers.dashboard.content.models import KEPT, Model
from consumers.dashboard.content.state import METRICS, PageMessage, PageState
from learning.model.prequential import Metrics
from streams.messages import metrics as metric_messages
from streams.messages.metrics import MetricsMessage
from tests.support.matches import KEY


def test_metrics_become_a_history_and_versions() -> None:
    board = PageState()
    for offset in range(3):
        said = MetricsMessage(
            model_key=KEY, model=f"v{offset // 2}", at=offset, metrics=Metrics(labels=offset)
        )
        board.take(PageMessage(METRICS, 0, offset, 0, metric_messages.encode(said)))
    document = board.models[KEY].document()
    assert document is not None
    assert [scored.labels for scored in document.history] == [0, 1, 2]
    assert document.versions == ((0, "v0"), (2, "v1"))


def test_a_long_history_is_thinned_and_keeps_its_ends() -> None:
    model = Model(KEY)
    for at in range(3 * KEPT):
        model.score(MetricsMessage(model_key=KEY, model="v", at=at, metrics=Metrics(labels=at)))
    assert len(model.history) <= KEPT
    assert (model.history[0].labels, model.history[-1].labels) == (0, 3 * KEPT - 1)
