"""The numbers on a scoreboard: overs, rates and the mark a ball leaves in the book."""

from cricket.facts import Ball


def overs(balls: int, balls_per_over: int = 6) -> str:
    """Legal balls as overs.balls.

    >>> overs(11)
    '1.5'
    """
    whole, part = divmod(balls, balls_per_over)
    return f"{whole}.{part}"


def balls_of(printed: str, balls_per_over: int = 6) -> int:
    """Legal balls of printed overs: "5.3" is 33 balls.

    >>> balls_of("5.3")
    33
    """
    whole, _, part = printed.partition(".")
    return int(whole) * balls_per_over + int(part or 0)


def rate(runs: int, balls: int, balls_per_over: int = 6) -> float:
    """Runs an over; 0 before the first legal ball.

    >>> round(rate(12, 11), 2)
    6.55
    """
    return runs * balls_per_over / balls if balls > 0 else 0.0


def mark(ball: Ball) -> str:
    """The ball as a scorer writes it: "." "4" "W" "wd" "nb" "2lb"."""
    if ball.wickets and ball.dismissals:
        return "W"
    if not ball.extras:
        return str(ball.runs) if ball.runs else "."
    if ball.wides:
        return "wd" if ball.wides == 1 else f"{ball.wides}wd"
    if ball.no_balls:
        return f"{ball.runs}nb" if ball.runs else "nb"
    if ball.leg_byes or ball.byes:
        return f"{ball.leg_byes or ball.byes}{'lb' if ball.leg_byes else 'b'}"
    return str(ball.total)
