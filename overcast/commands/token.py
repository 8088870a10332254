"""`overcast token`: a token for somebody who signs in to the live page, or for a program."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from consumers.dashboard.sign_in.people import Role
from overcast.commands import options


def token(
    name: Annotated[str, typer.Argument(help="Whose it is: the name that stands on orders.")],
    role: Annotated[
        Role, typer.Option(help="A viewer looks; an operator also gives orders.")
    ] = "viewer",
) -> None:
    """Make a token for the live page, show it once, and keep its hash.

    The hash is appended to the file that OVERCAST_DASHBOARD_TOKENS names. Whoever takes the line
    out of the file ends the token, at once.
    """
    from consumers.dashboard.sign_in.tokens import add

    file = options.settings().dashboard_tokens
    if not file:
        raise ValueError(
            "dashboard_tokens is missing: name the file that keeps the tokens' hashes by "
            "OVERCAST_DASHBOARD_TOKENS, here and where `overcast dashboard` runs."
        )
    made = add(Path(file), name, role)
    sys.stderr.write(f"The token of {name}, {role}; it is shown this once:\n")
    sys.stdout.write(f"{made}\n")
