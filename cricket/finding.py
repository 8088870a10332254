"""What does not agree between a recorded match and its own file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not agree, in words."""

    text: str
    explained: bool = False
