"""How a chase is forecast to end, in words: by a win with so many balls left, or short."""

from streams.messages.predictions import Prediction


def chase_words(prediction: Prediction) -> tuple[str, str] | None:
    """Return the likelier end of a chase, and the other one; None where nothing is chased.

    The other one is "" where there is hardly a chance of it. A total alone would read as a defeat:
    a chase that is won ends a run or a boundary past its target.
    """
    chase = prediction.chase
    if chase is None:
        return None
    won, short = _won(chase.balls_left), _short(chase.total, prediction.card.target)
    if prediction.win.batting >= 0.5:
        likely, otherwise = won, short and f"if the chase fails, {short}"
    else:
        likely, otherwise = short, won and f"if it succeeds, {won}"
    return (likely, otherwise) if likely else None


def _won(balls_left: float | None) -> str:
    if balls_left is None:
        return ""
    balls = round(balls_left)
    left = f"{balls} ball{'' if balls == 1 else 's'} left"
    return f"win with {left}" if balls else "win off the last ball"


def _short(total: float | None, target: int | None) -> str:
    """The total of a chase that fails: below the target, whatever is rounded."""
    if total is None or target is None:
        return ""
    return f"{min(round(total), target - 1)}, short of {target}"
