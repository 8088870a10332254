"""Sessions, which the server keeps and can end."""

from consumers.dashboard.sign_in.people import Person
from consumers.dashboard.sign_in.sessions import Sessions

ASHA, BEN = Person("asha", "operator"), Person("ben", "viewer")


def test_a_session_ends_with_its_time_or_when_it_is_ended() -> None:
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    asha, ben = sessions.begin(ASHA, 10), sessions.begin(BEN, 20)
    opened = sessions.of(asha)
    assert opened is not None
    assert (opened.person, sessions.of(asha + "x"), sessions.of("")) == (ASHA, None, None)
    now[0] = 10
    assert sessions.of(asha) is None
    assert len(sessions) == 1
    assert sessions.of(ben) is not None
    sessions.end(ben)
    sessions.end("never begun")
    assert sessions.of(ben) is None


def test_each_session_has_a_cookie_and_a_form_key_of_its_own() -> None:
    sessions = Sessions(lambda: 0.0)
    cookies = [sessions.begin(ASHA, 1) for _ in range(20)]
    opened = [session for cookie in cookies if (session := sessions.of(cookie))]
    keys = [session.form_key for session in opened]
    assert len({*cookies, *keys}) == 40
    assert opened[0].began(keys[0])
    assert not any(opened[0].began(wrong) for wrong in (keys[1], "", cookies[0], "é"))


def test_what_is_kept_of_a_cookie_does_not_open_anything() -> None:
    sessions = Sessions(lambda: 0.0)
    cookie = sessions.begin(ASHA, 1)
    assert cookie not in repr(vars(sessions))


def test_no_more_sessions_are_kept_than_there_is_room_for() -> None:
    sessions = Sessions(lambda: 0.0, most=2)
    cookies = [sessions.begin(ASHA, 1) for _ in range(5)]
    assert [sessions.of(cookie) is not None for cookie in cookies] == [False] * 3 + [True] * 2


def test_a_crowd_of_viewers_puts_no_operator_out() -> None:
    sessions = Sessions(lambda: 0.0, most=3)
    asha = sessions.begin(ASHA, 1)
    viewers = [sessions.begin(BEN, 1) for _ in range(9)]
    assert sessions.of(asha) is not None
    assert [sessions.of(cookie) is not None for cookie in viewers] == [False] * 7 + [True] * 2
