"""The parts of the demo that no server is needed for: the feed's thread, the README's picture."""

from collections.abc import Iterator

import pytest

from overcast.commands.background_feed import BackgroundFeed
from overcast.picture import picture
from streams.messages.events import MatchEvent
from streams.settings import Settings


def test_a_feed_that_fails_is_heard_where_its_end_is_asked_for() -> None:
    def broken() -> Iterator[MatchEvent]:
        raise OSError("the archive has gone")
        yield

    feeding = BackgroundFeed(Settings(kafka="127.0.0.1:1"), broken())
    feeding.start()
    feeding.join()
    with pytest.raises(OSError, match="the archive has gone"):
        feeding.done()


def test_the_picture_is_the_view_of_the_match_and_asks_no_one_for_a_font() -> None:
    svg = picture("1426294", 1, "15.4")
    text = svg.replace("&#160;", " ")
    for part in ("RR 162/4", "Mukesh Kumar to SV Samson, OUT, caught", "need 60 off 26"):
        assert part in text
    assert "@font-face" not in svg
