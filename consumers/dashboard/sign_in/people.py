"""People and what they may do: a viewer looks, an operator also gives orders."""

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["viewer", "operator"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has proved who they are; the name stands on the orders that they give."""

    name: str
    role: Role

    @property
    def may_give_orders(self) -> bool:
        """Whether the operator's page is for them."""
        return self.role == "operator"
