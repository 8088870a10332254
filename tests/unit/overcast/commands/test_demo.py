"""The parts of the demo that no server is needed for: the feed's thread, the README's picture."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cricket.archive import Library
from overcast.commands import programme as programmes
from overcast.commands.background_feed import BackgroundFeed
from overcast.commands.programme import Programme
from overcast.picture import picture
from streams.messages.events import BallBowled, InningsOpened, MatchEvent, MatchStarted
from streams.settings import Settings
from tests.support.documents import delivery, document, innings


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


def events_sent(programme: Programme, answers: list[int]) -> list[MatchEvent]:
    return list(programme.paced(lambda: answers.pop(0) if answers else 1))


def test_what_is_watched_is_paced_once_the_first_ball_has_its_forecast(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(programmes.time, "sleep", waits.append)
    monkeypatch.setattr(programmes.time, "monotonic", lambda: sum(waits))
    programme = programmes.shipped()
    sent = events_sent(programme, [0, 0, 0])
    assert [event.seq for event in sent] == list(range(len(sent)))  # the whole match in order
    begun = sum(isinstance(event, MatchStarted | InningsOpened) for event in sent[:3])
    assert begun == 2  # and then the first ball
    assert waits[:3] == [programmes.LOOK_SECONDS] * 3
    assert sum(waits[3:]) == pytest.approx((len(sent) - 3) / programmes.WATCHED_RATE)


def test_a_match_without_a_ball_keeps_nobody_waiting(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(json.dumps(document(outcome={"result": "no result"})))
    (tmp_path / "2.json").write_text(json.dumps(document(match_type="Test", overs=None)))
    with Library() as library:
        abandoned = programmes.own(library, tmp_path)
        nothing = replace(abandoned, watched=[])
        assert [m.id for m in abandoned.watched] == ["1"]
        for programme, messages in ((abandoned, 2), (nothing, 0)):
            assert len(list(programme.paced(lambda: 0))) == messages


def test_the_demo_shows_a_famous_match_then_a_season_that_has_not_that_match() -> None:
    programme = programmes.shipped()
    assert [match.id for match in programme.watched] == [programmes.WATCHED]
    assert len(programme.rest) == len(programme.scored) == 71
    assert programmes.WATCHED not in programme.scored
    assert programme.title == "IPL 2024"


def test_no_ball_of_the_season_is_sent_before_those_of_earlier_days_have_their_forecasts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programme = programmes.shipped()
    three_days = replace(programme, rest=programme.rest[:3])
    unanswered, answered = [0], [100]  # 100 are of the match that was watched

    def forecast(seconds: float) -> None:
        """Time passes, and a ball is answered."""
        assert seconds > 0
        assert unanswered[0]
        unanswered[0] -= 1
        answered[0] += 1

    monkeypatch.setattr(programmes.time, "sleep", forecast)
    days = []
    for event in three_days.at_full_speed(lambda: answered[0]):
        day = event.at // programmes.DAY_MS
        if days and day != days[-1]:
            assert unanswered == [0]
        days.append(day)
        unanswered[0] += isinstance(event, BallBowled)
    assert len(set(days)) in {2, 3}
    assert answered[0] + unanswered[0] - 100 == sum(match.balls for match in three_days.rest)
    at_once = replace(three_days, by_day=False)
    assert len(list(at_once.at_full_speed(lambda: 0))) == len(days)


def test_of_an_archive_the_first_match_that_is_forecast_is_watched(tmp_path: Path) -> None:
    test, t20 = {"match_type": "Test", "overs": None}, {"match_type": "T20"}
    for number, kind in enumerate((test, t20, t20), start=1):
        told = document(innings(delivery(1)), dates=[f"2024-05-0{number}"], **kind)
        (tmp_path / f"{number}.json").write_text(json.dumps(told))
    (tmp_path / "0.json").write_text("{}")
    with Library() as library:
        programme = programmes.own(library, tmp_path)
    assert [match.id for match in programme.watched] == ["2"]
    assert {match.id for match in programme.rest} == {"0", "1", "3"}
    assert programme.scored == {"0", "1", "3"}


def test_an_archive_of_one_match_is_watched_and_scored(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(json.dumps(document(innings(delivery(1)))))
    with Library() as library:
        programme = programmes.own(library, tmp_path)
    assert (programme.rest, programme.scored) == ([], {"1"})


def test_an_archive_without_a_match_is_refused(tmp_path: Path) -> None:
    with Library() as library, pytest.raises(ValueError, match="holds no Cricsheet match"):
        programmes.own(library, tmp_path)
