"""Text from a feed as a terminal may print it."""


def printable(text: str) -> str:
    r"""Return text from a feed without the control characters that a terminal would obey.

    >>> printable("\x1b[2Jout")
    '[2Jout'
    """
    return "".join(c for c in text if c.isprintable())
