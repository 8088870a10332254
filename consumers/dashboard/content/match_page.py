"""A match as a row of the list and as the head of its page."""

import msgspec

from consumers.chase_words import chase_words
from consumers.dashboard.content.calibration import Confidence, confidence
from consumers.dashboard.content.cards import BowlerRow, bowler_row
from consumers.dashboard.content.careers import Careers
from consumers.dashboard.content.documents import About, Head, Official, Player, Reason, Row, Share
from consumers.dashboard.content.match import Match
from consumers.dashboard.content.models import Model
from consumers.match_state import required, result_in_words, state_of, to_win
from consumers.par_words import par_words
from consumers.phrases import chances, kind_of, score, side
from consumers.printing import printable
from consumers.side_names import short_pair
from cricket.facts import Fixture
from cricket.official_result import AWARDED
from cricket.state import Innings
from streams.messages.card import Card
from streams.messages.predictions import MatchResult, Prediction

RECENT = 12  # balls over which a change of the chance is measured: two overs
CHART = 48  # points of a row's chart
TURNING = 7


def row(match: Match) -> Row | None:
    """Return the match's row in the list; None before its first forecast."""
    prediction = match.newest
    if prediction is None:
        return None
    result, official = result_in_words(prediction, match.result), match.result
    final, need = to_win(prediction, official), required(prediction.card)
    points, (first, second) = match.in_order(), prediction.teams
    return Row(
        id=match.match_id,
        event=prediction.event,
        date=prediction.date,
        teams=prediction.teams,
        short=short_pair(prediction.teams),
        score=score(prediction),
        earlier=prediction.card.earlier,
        state=state_of(prediction, official, waiting=match.waiting),
        result=result,
        need="" if result else need and f"{side(prediction, prediction.card.batting)} {need}",
        chances=None if final is None else (final[first], final[second]),
        moved=sum(point.added for point in points[-RECENT:]),
        chart=_thinned([point.chance for point in points] + _last_step(prediction, match)),
        ball=prediction.ball,
        notice=match.notice,
        at=match.at,
    )


def _last_step(prediction: Prediction, match: Match) -> list[float]:
    """Return the first-named team's chance after the official result, if that moved it."""
    final, before = to_win(prediction, match.result), chances(prediction)
    first = prediction.teams[0]
    return [final[first]] if final is not None and final[first] != before[first] else []


def _thinned(values: list[float]) -> tuple[float, ...]:
    """Return at most CHART values, the newest last, to three places: a row's chart is small."""
    count = min(CHART, len(values))
    chosen = [values[(i + 1) * len(values) // count - 1] for i in range(count)]
    return tuple(round(value, 3) for value in chosen)


def head(
    match: Match, prediction: Prediction, shown: Row, model: Model | None, careers: Careers
) -> Head:
    """Return the head of a match's page after a prediction, whose row is `shown`."""
    card = prediction.card
    bowlers = _bowlers(match, card)
    crease = [batter.id for batter in card.batters] + [bowler.id for bowler in bowlers]
    played = (prediction.model_key, prediction.date)
    before = {player: careers.before(player, *played) for player in crease}
    return Head(
        row=shown,
        about=about(match.fixture) if match.fixture else None,
        card=card,
        model=prediction.model,
        model_key=prediction.model_key,
        kind=kind_of(prediction.model_key),
        official=_official(match.result),
        chase=chase_words(prediction),
        par=None if shown.result else par_words(prediction),
        history=prediction.history,
        history_to=prediction.history_to,
        code=prediction.code,
        total=prediction.total,
        win_added=prediction.win_added,
        leverage=prediction.leverage,
        next_ball=prediction.next_ball,
        innings_over=prediction.innings_over,
        corrections=match.corrections(),
        bowlers=bowlers,
        careers={player: career for player, career in before.items() if career},
        careers_to=careers.until(*played),
        shares=_shares(match),
        turning=tuple(match.turning_points(TURNING)),
        confidence=None if shown.result else _confidence(model, prediction),
        why=_reasons(match, prediction),
    )


def _reasons(match: Match, prediction: Prediction) -> tuple[Reason, ...]:
    """Return what contributed to the forecast, in the order of the path; nothing if unexplained."""
    if prediction.why is None:
        return ()
    earlier = [p for p in match.predictions.values() if _place(p) < _place(prediction)]
    before = max(earlier, key=_place, default=None)
    same = before is not None and before.card.innings == prediction.card.innings
    then = before.why if before is not None and same else None
    names = prediction.why.__struct_fields__
    now = msgspec.structs.astuple(prediction.why)
    past = (None,) * len(names) if then is None else msgspec.structs.astuple(then)
    return tuple(
        Reason(name, share, None if last is None else share - last)
        for name, share, last in zip(names, now, past, strict=True)
    )


def _place(prediction: Prediction) -> tuple[int, int]:
    return prediction.seq, prediction.rank


def _official(result: MatchResult | None) -> Official | None:
    if result is None:
        return None
    margin = (result.by, result.method, result.tie_break)
    return Official(result.result, result.winner, *margin, result.text)


def _confidence(model: Model | None, prediction: Prediction) -> Confidence:
    """Return how often forecasts of the favourite's chance came true."""
    settled_matches = model.settled.values() if model else ()
    return confidence(settled_matches, max(chances(prediction).values()))


def about(fixture: Fixture) -> About:
    """Return what is known of a match before its first ball."""
    toss = f"{fixture.toss_winner} chose to {fixture.toss_decision}" if fixture.toss_winner else ""
    number = fixture.match_number
    which = f"match {number}" if number.isdigit() else number
    return About(which, fixture.venue, fixture.city, fixture.season, toss, fixture.overs)


def _bowlers(match: Match, card: Card) -> tuple[BowlerRow, ...]:
    """Return the bowler of the last ball, and the bowler from the other end."""
    innings, fixture = match.book.innings().get(card.innings), match.fixture
    if innings is None or fixture is None:
        return ()
    before = innings.overs[-1].bowlers[-1] if innings.overs else ""
    names = dict.fromkeys(filter(None, (innings.bowler, before)))
    return tuple(bowler_row(fixture, innings, name) for name in names)


def _shares(match: Match) -> tuple[Share, ...]:
    """Return every player's share of win probability, the largest gain first."""
    sides = _sides(match.fixture)
    ranked = sorted(match.shares().items(), key=lambda part: (-part[1], part[0]))
    return tuple(
        Share(player, match.name(player), sides.get(player, ""), added) for player, added in ranked
    )


def _sides(fixture: Fixture | None) -> dict[str, str]:
    """Return the team of each player."""
    elevens = fixture.players if fixture else {}
    return {player: team for team, players in elevens.items() for player in players}


def elevens(
    match: Match, prediction: Prediction, careers: Careers
) -> dict[str, tuple[Player, ...]]:
    """Return both sides as the fixture names them, with their careers up to the day before."""

    def player(identity: str) -> Player:
        career = careers.before(identity, prediction.model_key, prediction.date)
        return Player(identity, match.name(identity), career)

    sides = match.fixture.players if match.fixture else {}
    return {printable(team): tuple(map(player, players)) for team, players in sides.items()}


def settled(match: Match, innings: dict[int, Innings]) -> bool | None:
    """Return whether the first-named team won; None while the match is open or has no winner.

    The official result decides, and before it comes the innings proper. A match that was settled by
    a super over was a tie, and one that was awarded was not won on the field.
    """
    last, official = match.newest, match.result
    if last is not None and official is not None:
        won = official.result == "win" and official.method != AWARDED
        return official.winner == last.teams[0] if won else None
    proper = [number for number, each in innings.items() if not each.super_over]
    if last is None or last.card.super_over or len(proper) < 2 or not last.innings_over:
        return None
    if not last.card.result or last.win.tie:
        return None
    return bool(chances(last)[last.teams[0]])
