"""Small Cricsheet documents."""

from typing import Any

from cricket.cricsheet import RecordedMatch, read_match

Json = dict[str, Any]
PEOPLE = {"A Batter": "aaaa0001", "B Batter": "bbbb0002", "C Bowler": "cccc0003"}


def document(*innings: Json, version: Any = "1.1.0", **info: Any) -> Json:
    """A small match; `info` replaces what is said of it."""
    said: Json = {
        "match_type": "T20",
        "gender": "male",
        "teams": ["Reds", "Blues"],
        "overs": 20,
        "dates": ["2024-05-07", "2024-05-08"],
        "players": {"Reds": ["A Batter", "B Batter"], "Blues": ["C Bowler"]},
        "registry": {"people": PEOPLE},
        "outcome": {"winner": "Reds", "by": {"runs": 3}},
    }
    return {"meta": {"data_version": version}, "info": said | info, "innings": list(innings)}


def innings(*deliveries: Json, team: str = "Reds", **more: Any) -> Json:
    """An innings of one over."""
    return {"team": team, "overs": [{"over": 0, "deliveries": list(deliveries)}], **more}


def delivery(runs: int = 0, **more: Any) -> Json:
    """A delivery and its runs off the bat."""
    ends = {"batter": "A Batter", "non_striker": "B Batter", "bowler": "C Bowler"}
    return ends | {"runs": {"batter": runs, "extras": 0, "total": runs}} | more


def read(*innings: Json, **info: Any) -> RecordedMatch:
    """The small match "m", read."""
    return read_match("m", document(*innings, **info))
