"""A match as a row of the list, and as the head of its page."""

from consumers.dashboard.calibration import bin_of
from consumers.dashboard.cards import BowlerRow, bowler_row
from consumers.dashboard.careers import Career, Careers
from consumers.dashboard.documents import About, Confidence, Head, Player, Row, Share
from consumers.dashboard.match import Match
from consumers.dashboard.models import Model
from consumers.phrases import chances, printable, score, short
from cricket.facts import Fixture
from cricket.state import Innings
from streams.messages.card import Card
from streams.messages.predictions import Prediction

RECENT = 12  # balls: two overs, over which it is said who is moving
CHART = 48  # points of a row's chart
TURNING = 7


def row(match: Match) -> Row | None:
    """The match in the list; None before its first forecast."""
    said = match.newest
    if said is None:
        return None
    points, ours = match.in_order(), chances(said)
    return Row(
        id=match.match_id,
        event=said.event,
        date=said.date,
        teams=said.teams,
        short=(short(said.teams[0]), short(said.teams[1])),
        score=score(said),
        earlier=said.card.earlier,
        state=state(match, said),
        result=said.card.result,
        need=_need(said.card),
        chances=(ours[said.teams[0]], ours[said.teams[1]]),
        moved=sum(point.added for point in points[-RECENT:]),
        chart=_thinned([point.chance for point in points]),
        ball=said.ball,
        notice=match.notice,
        at=match.at,
    )


def state(match: Match, said: Prediction) -> str:
    """Where the match stands."""
    if said.card.result:
        return "result"
    if match.waiting:
        return "waiting"
    return "innings break" if said.innings_over else "in play"


def _need(card: Card) -> str:
    if card.needed is None or not card.needed or not card.balls_left:
        return ""
    return f"{short(card.batting)} need {card.needed} off {card.balls_left}"


def _thinned(values: list[float]) -> tuple[float, ...]:
    """At most CHART values, the newest last, to three places: a row's chart is small."""
    count = min(CHART, len(values))
    chosen = [values[(i + 1) * len(values) // count - 1] for i in range(count)]
    return tuple(round(value, 3) for value in chosen)


def head(match: Match, said: Prediction, shown: Row, model: Model | None, seen: Careers) -> Head:
    """The head of a match's page after `said`, whose row is `shown`."""
    card = said.card
    bowlers = _bowlers(match, card)
    crease = [batter.id for batter in card.batters] + [bowler.id for bowler in bowlers]
    found = {player: seen.before(player, said.date) for player in crease}
    return Head(
        row=shown,
        about=about(match.fixture) if match.fixture else None,
        card=card,
        model=said.model,
        model_key=said.model_key,
        history=said.history,
        code=said.code,
        total=said.total,
        win_added=said.win_added,
        leverage=said.leverage,
        next_ball=said.next_ball,
        innings_over=said.innings_over,
        corrections=match.corrections(),
        bowlers=bowlers,
        careers={player: career for player, career in found.items() if career},
        shares=_shares(match),
        turning=tuple(match.turning_points(TURNING)),
        confidence=confidence(model, max(shown.chances)),
    )


def about(fixture: Fixture) -> About:
    """What is known before the first ball."""
    toss = f"{fixture.toss_winner} chose to {fixture.toss_decision}" if fixture.toss_winner else ""
    number = fixture.match_number
    which = f"match {number}" if number.isdigit() else number
    return About(which, fixture.venue, fixture.city, fixture.season, toss, fixture.overs)


def _bowlers(match: Match, card: Card) -> tuple[BowlerRow, ...]:
    """The bowler of the last ball, and who bowls from the other end."""
    innings, fixture = match.book.innings().get(card.innings), match.fixture
    if innings is None or fixture is None:
        return ()
    before = innings.overs[-1].bowlers[-1] if innings.overs else ""
    names = dict.fromkeys(filter(None, (innings.bowler, before)))
    return tuple(bowler_row(fixture, innings, name) for name in names)


def _shares(match: Match) -> tuple[Share, ...]:
    """Every player's part, the largest gain first."""
    sides = _sides(match.fixture)
    ranked = sorted(match.shares().items(), key=lambda part: (-part[1], part[0]))
    return tuple(
        Share(player, match.name(player), sides.get(player, ""), added) for player, added in ranked
    )


def _sides(fixture: Fixture | None) -> dict[str, str]:
    told = fixture.players if fixture else {}
    return {player: team for team, players in told.items() for player in players}


def confidence(model: Model | None, chance: float) -> Confidence | None:
    """How often it came true when the model said about `chance`; None without settled matches."""
    if model is None or not model.settled or chance >= 1.0:
        return None
    found = [counts[bin_of(chance)] for counts in model.settled.values()]
    balls = sum(n for n, _, _ in found)
    if not balls:
        return None
    said, happened = sum(total for _, total, _ in found), sum(times for _, _, times in found)
    matches = sum(1 for n, _, _ in found if n)
    return Confidence(said / balls, happened / balls, balls, matches)


def elevens(match: Match, said: Prediction, seen: Careers) -> dict[str, tuple[Player, ...]]:
    """Both sides as the fixture names them, with their careers until the day before."""
    told = match.fixture.players if match.fixture else {}
    return {
        printable(team): tuple(_player(match, player, said.date, seen) for player in told[team])
        for team in told
    }


def _player(match: Match, player: str, date: str, seen: Careers) -> Player:
    career: Career | None = seen.before(player, date)
    return Player(player, match.name(player), career)


def settled(match: Match, innings: dict[int, Innings]) -> bool | None:
    """Whether the first-named team won; None while it is open, or ended without a winner.

    The innings proper decide: a match that was settled by a super over was a tie.
    """
    said = match.newest
    proper = [number for number, one in innings.items() if not one.super_over]
    if said is None or said.card.super_over or len(proper) < 2 or not said.innings_over:
        return None
    if not said.card.result or said.win.tie:
        return None
    return bool(chances(said)[said.teams[0]])
