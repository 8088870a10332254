"""The application is put together as a worker needs it, without a look at Kafka or Redis."""

from streams.settings import Settings
from streams.worker.application import create_app
from streams.worker.transport import Transport


def test_faust_finds_the_batching_transport_by_the_address_of_every_broker() -> None:
    """Its address is a URL whose scheme names a module: not every name can be one."""
    app = create_app(Settings(kafka="one.example:9092,two.example:9092"))
    assert isinstance(app.transport, Transport)
    assert [url.host for url in app.conf.broker] == ["one.example", "two.example"]


def test_an_application_is_made_where_no_server_answers() -> None:
    """No constructor talks to Kafka or Redis."""
    app = create_app(Settings(kafka="127.0.0.1:1", redis="redis://127.0.0.1:1/0"))
    assert sorted(app.agents) == ["check_orders", "forecast_balls", "learn_labels"]
