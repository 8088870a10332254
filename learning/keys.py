"""The keys of the models: one model per format and sex."""

from cricket.facts import Fixture
from cricket.formats import Unsupported, format_of

KEYS = ("t20-male", "t20-female", "odi-male", "odi-female")
FORMATS = {"t20": "T20", "odi": "ODI"}


def model_key(fixture: Fixture) -> str | Unsupported:
    """The key of the match's model, such as "t20-female", or why the match is not forecast."""
    name = format_of(fixture)
    if isinstance(name, Unsupported):
        return name
    key = f"{name.lower()}-{fixture.gender}"
    return key if key in KEYS else Unsupported(f"{key}: no model")


def format_name(key: str) -> str:
    """The format of a key's model: "T20" or "ODI"."""
    return FORMATS[key.partition("-")[0]]
