"""A group whose commands are imported when they are run, not when they are listed."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Entry(NamedTuple):
    """A command in the list: its name, what it does, and its module if that is named otherwise."""

    name: str
    does: str  # the first paragraph of its help: a test holds that they say the same
    module: str = ""


class ListedCommand(TyperCommand):
    """A command as the list shows it; `loaded` is the command itself."""

    def __init__(self, entry: Entry, panel: str, package: str) -> None:
        super().__init__(name=entry.name, help=entry.does, rich_help_panel=panel)
        self._function = entry.name
        self._module = f"{package}.{entry.module or entry.name}"

    @cached_property
    def loaded(self) -> Any:
        """The command with its options, from its module: a function, or a group of its own."""
        found = getattr(import_module(self._module), self._function)
        alone = typer.Typer()
        if isinstance(found, typer.Typer):
            alone.add_typer(found, name=self.name, rich_help_panel=self.rich_help_panel)
        else:
            alone.command(rich_help_panel=self.rich_help_panel)(found)
        return typer.main.get_group(alone).commands[self._function]


def lazy_group(panels: Mapping[str, Iterable[Entry]], package: str) -> type[TyperGroup]:
    """A class of groups, as `typer.Typer(cls=…)` takes it, with a package's commands in panels."""

    class LazyGroup(TyperGroup):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            for panel, entries in panels.items():
                for entry in entries:
                    self.add_command(ListedCommand(entry, panel, package))

        def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
            name, command, rest = super().resolve_command(ctx, args)
            return name, getattr(command, "loaded", command), rest

    return LazyGroup
