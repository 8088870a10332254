"""Cricsheet's JSON, spec 1.x, as facts. The format: see cricsheet.org."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cricket.facts import (
    Ball,
    Fact,
    Fixture,
    InningsClose,
    InningsOpening,
    Outcome,
    PlayerReplaced,
    Powerplay,
    Review,
    Wicket,
)
from cricket.over_counts import called_early, listed_counts, not_in_over, wickets_that_end
from cricket.score import balls_of

Json = dict[str, Any]


class UnreadableMatchError(ValueError):
    """A file that is not Cricsheet JSON 1.x; says which, where and what is wrong."""


@dataclass(frozen=True, slots=True)
class RecordedMatch:
    """A finished match: its id, its fixture and its facts in order, the outcome last."""

    id: str
    fixture: Fixture
    facts: tuple[Fact, ...]


def read_match(match_id: str, document: Any) -> RecordedMatch:
    """The match in a parsed Cricsheet document; UnreadableMatchError if it holds none."""
    version = str(_dig(match_id, document, "meta").get("data_version", ""))
    if not version.startswith("1."):
        raise UnreadableMatchError(f"{match_id}: data_version {version!r}, 1.x is read")
    try:
        fixture = _fixture(document["info"])
        facts = (*_innings_facts(document, fixture), _outcome(document["info"].get("outcome", {})))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableMatchError(
            f"{match_id}: not a Cricsheet match ({type(error).__name__}: {error}); "
            "download it again or report it to Cricsheet"
        ) from error
    return RecordedMatch(match_id, fixture, facts)


def _dig(match_id: str, document: Any, key: str) -> Json:
    value = document.get(key) if isinstance(document, dict) else None
    if not isinstance(value, dict):
        raise UnreadableMatchError(f"{match_id}: no object {key!r} at the top, not Cricsheet JSON")
    return value


def _fixture(info: Json) -> Fixture:
    people = info.get("registry", {}).get("people", {})
    event = info.get("event", {})
    first, second = info["teams"]
    return Fixture(
        match_type=info["match_type"],
        gender=info["gender"],
        teams=(first, second),
        overs=_whole(info.get("overs")),
        balls_per_over=int(float(info.get("balls_per_over", 6))),
        team_type=info.get("team_type", ""),
        event=event.get("name", ""),
        match_number=str(event.get("match_number", event.get("stage", ""))),
        season=str(info.get("season", "")),
        date=str(info["dates"][0]),
        city=info.get("city", ""),
        venue=info.get("venue", ""),
        toss_winner=info.get("toss", {}).get("winner", ""),
        toss_decision=info.get("toss", {}).get("decision", ""),
        players={t: tuple(people.get(n, n) for n in ns) for t, ns in info["players"].items()},
        names={person: name for name, person in people.items()},
    )


def _whole(number: Any) -> int | None:
    """A whole number, which some files print as 20.0."""
    return None if number is None else int(float(number))


def _outcome(outcome: Json) -> Outcome:
    winner = outcome.get("winner") or outcome.get("eliminator") or outcome.get("bowl_out")
    result = outcome.get("result", "win" if outcome.get("winner") else "no result")
    tie_break = "bowl-out" if "bowl_out" in outcome else ""
    return Outcome(winner, result, outcome.get("by", {}), outcome.get("method", ""), tie_break)


def _innings_facts(document: Json, fixture: Fixture) -> Iterator[Fact]:
    people = document["info"].get("registry", {}).get("people", {})
    recorded = document.get("innings", [])
    played = [list(_delivery_facts(n, each, people, fixture)) for n, each in enumerate(recorded)]
    balls = [[fact for fact in facts if isinstance(fact, Ball)] for facts in played]
    wickets = wickets_that_end(recorded, balls)
    for number, innings in enumerate(recorded):
        yield _opening(number, innings, fixture, balls[number], wickets[number])
        yield from played[number]
        yield InningsClose(
            number,
            innings.get("penalty_runs", {}).get("post", 0),
            declared=bool(innings.get("declared")),
            forfeited=bool(innings.get("forfeited")),
            absent=tuple(people.get(n, n) for n in innings.get("absent_hurt", ())),
        )


def _delivery_facts(
    number: int, innings: Json, people: dict[str, str], fixture: Fixture
) -> Iterator[Fact]:
    """The balls of an innings, each preceded by the replacements made before it.

    A ball that follows the last legal ball of its over is marked as miscounted, the last one of an
    over that the file lists as too short as the one after which it was called.
    """
    per_over, team, listed = fixture.balls_per_over, innings["team"], listed_counts(innings)
    for over in innings.get("overs", []):
        at, legal, deliveries = over["over"], 0, over["deliveries"]
        uncounted = not_in_over(deliveries, per_over)
        last = len(deliveries) - 1 if called_early(deliveries, listed.get(at), per_over) else -1
        for position, delivery in enumerate(deliveries):
            if "replacements" in delivery:
                yield from _replaced(delivery["replacements"], people, fixture, team)
            marks = _marks(
                miscounted=legal >= per_over,
                not_in_over=position in uncounted,
                over_called=position == last,
            )
            ball = _ball((number, at, position), delivery, people, marks)
            legal += ball.legal
            yield ball


def _marks(**marks: bool) -> Json:
    """The marks that a ball has, of those that few balls have."""
    return {name: True for name, holds in marks.items() if holds} if any(marks.values()) else {}


def _replaced(
    replacements: Json, people: dict[str, str], fixture: Fixture, batting: str
) -> Iterator[PlayerReplaced]:
    """The match's substitutes, then those who took over from a hurt bowler or batter."""
    for swap in (*replacements.get("match", ()), *replacements.get("role", ())):
        role = swap.get("role", "")
        side = batting if role == "batter" else fixture.opponent(batting)
        out, in_ = swap.get("out", ""), swap["in"]
        yield PlayerReplaced(
            team=swap.get("team", side),
            out=people.get(out, out),
            in_=people.get(in_, in_),
            reason=swap.get("reason", ""),
            role=role,
        )


def _opening(
    number: int, innings: Json, fixture: Fixture, balls: list[Ball], wickets: int | None
) -> InningsOpening:
    target = innings.get("target", {})
    if sum(ball.total for ball in balls[:-1]) >= target.get("runs", 10_000):
        target = {}  # the par when rain ended the chase: never in force during play
    printed = target.get("overs")
    return InningsOpening(
        innings=number,
        batting=innings["team"],
        target=target.get("runs"),
        balls=None if printed is None else balls_of(str(printed), fixture.balls_per_over),
        super_over=bool(innings.get("super_over")),
        penalty=innings.get("penalty_runs", {}).get("pre", 0),
        powerplays=tuple(_powerplay(p) for p in innings.get("powerplays", ())),
        wickets=wickets,
    )


def _powerplay(record: Json) -> Powerplay:
    return Powerplay(str(record["type"]), _place(record["from"]), _place(record["to"]))


def _place(printed: Any) -> tuple[int, int]:
    """(over, delivery) of a printed place: "5.6" is the sixth delivery of over 5, "5.10" its tenth.

    As a number 5.10 would be 5.1: an archive's reader leaves it as text.
    """
    over, _, ball = str(printed).partition(".")
    return int(over), int(ball or 0)


def _ball(place: tuple[int, int, int], delivery: Json, people: dict[str, str], marks: Json) -> Ball:
    runs: Json = delivery["runs"]
    batter: str = delivery["batter"]
    non_striker: str = delivery["non_striker"]
    bowler: str = delivery["bowler"]
    plain = len(delivery) <= 4 and "non_boundary" not in runs
    more = marks if plain else marks | _rare_fields(delivery, runs, people)
    return Ball(
        *place,
        people.get(batter, batter),
        people.get(non_striker, non_striker),
        people.get(bowler, bowler),
        runs["batter"],
        **more,
    )


def _rare_fields(delivery: Json, runs: Json, people: dict[str, str]) -> Json:
    """The fields that few balls have: extras, wickets, fours that were run."""
    extras: Json = delivery.get("extras", {})
    return {
        "wides": extras.get("wides", 0),
        "no_balls": extras.get("noballs", 0),
        "byes": extras.get("byes", 0),
        "leg_byes": extras.get("legbyes", 0),
        "penalty": extras.get("penalty", 0),
        "non_boundary": bool(runs.get("non_boundary")),
        "wickets": tuple(_wicket(w, people) for w in delivery.get("wickets", ())),
        "review": _review(delivery["review"]) if "review" in delivery else None,
    }


def _review(record: Json) -> Review:
    """A review; one that failed for a technical reason is not lost, like an umpire's call."""
    decision: str = record["decision"]
    kept = bool(record.get("umpires_call")) or decision == "technical failure"
    return Review(record["by"], decision == "upheld", kept)


def _wicket(wicket: Json, people: dict[str, str]) -> Wicket:
    named = [f for f in wicket.get("fielders", ()) if f.get("name")]
    helpers = tuple(people.get(f["name"], f["name"]) for f in named)
    strangers = tuple(people.get(f["name"], f["name"]) for f in named if f.get("substitute"))
    player: str = wicket["player_out"]
    return Wicket(wicket["kind"], people.get(player, player), helpers, strangers)
