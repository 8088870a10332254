"""Sides by the names that their competitions give them."""

from itertools import combinations

import pytest

from consumers.side_names import ABBREVIATIONS, short, short_pair, shortened

LEAGUES = {
    "IPL": {
        "Chennai Super Kings": "CSK", "Delhi Capitals": "DC", "Gujarat Titans": "GT",
        "Kolkata Knight Riders": "KKR", "Lucknow Super Giants": "LSG", "Mumbai Indians": "MI",
        "Punjab Kings": "PBKS", "Rajasthan Royals": "RR", "Royal Challengers Bengaluru": "RCB",
        "Sunrisers Hyderabad": "SRH",
    },
    "PSL": {
        "Islamabad United": "IU", "Karachi Kings": "KK", "Lahore Qalandars": "LQ",
        "Multan Sultans": "MS", "Peshawar Zalmi": "PZ", "Quetta Gladiators": "QG",
    },
    "BBL": {
        "Adelaide Strikers": "STR", "Brisbane Heat": "HEA", "Hobart Hurricanes": "HUR",
        "Melbourne Renegades": "REN", "Melbourne Stars": "STA", "Perth Scorchers": "SCO",
        "Sydney Sixers": "SIX", "Sydney Thunder": "THU",
    },
    "CPL": {
        "Antigua and Barbuda Falcons": "ABF", "Barbados Royals": "BR",
        "Guyana Amazon Warriors": "GAW", "St Kitts and Nevis Patriots": "SKNP",
        "St Lucia Kings": "SLK", "Trinbago Knight Riders": "TKR",
    },
    "countries": {
        "Australia": "AUS", "Austria": "AUT", "Bangladesh": "BAN", "England": "ENG",
        "Hong Kong": "HKG", "Netherlands": "NED", "New Zealand": "NZ", "Oman": "OMA",
        "Papua New Guinea": "PNG", "South Africa": "SA", "Sri Lanka": "SL",
        "United Arab Emirates": "UAE", "United States of America": "USA", "West Indies": "WI",
    },
}  # fmt: skip


@pytest.mark.parametrize("league", LEAGUES)
def test_a_side_has_the_short_name_of_its_competition(league: str) -> None:
    sides = LEAGUES[league]
    assert {side: short(side) for side in sides} == sides
    assert len(set(sides.values())) == len(sides)


def test_the_table_names_only_what_the_rule_does_not() -> None:
    assert all(name.isupper() and 2 <= len(name) <= 4 for name in ABBREVIATIONS.values())


@pytest.mark.parametrize(
    ("first", "second"),
    [("Reds", "Redcliffs"), ("India A", "India Academy"), ("Ab", "Abc"), ("X", "Y"), ("", "Q")],
)
def test_two_sides_that_play_each_other_never_look_the_same(first: str, second: str) -> None:
    one, other = short_pair((first, second))
    assert one != other


def test_all_countries_of_the_table_differ() -> None:
    same = {"Swaziland", "Eswatini"}  # one country, before and after 2018
    clubs = {"Perth Scorchers"}
    names = [name for name in ABBREVIATIONS if name not in clubs]
    assert all(short(a) != short(b) for a, b in combinations(names, 2) if {a, b} != same)


def test_a_text_is_shortened_by_both_names() -> None:
    teams = ("Delhi Capitals", "Sunrisers Hyderabad")
    assert shortened("Sunrisers Hyderabad beat Delhi Capitals", teams) == "SRH beat DC"
    assert shortened("India A beat India by 1 run", ("India", "India A")) == "IA beat IND by 1 run"
