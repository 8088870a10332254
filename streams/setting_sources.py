"""Settings out of files of their own: `OVERCAST_<NAME>_FILE`, and a directory of secrets.

Docker and Kubernetes mount secrets so. A file holds one value, whose last line break is dropped.
Errors name the file and never what is in it.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from streams.given_settings import DIRECTORY, FILE_SUFFIX, PREFIX, variables

LIKENESS = 0.9  # of a file's name to a setting's, from which on it is one that was misspelt


class FileSource(PydanticBaseSettingsSource):
    """The settings whose values are in files, each by the name of the setting."""

    def __init__(self, settings: type[BaseSettings], files: Mapping[str, Path]) -> None:
        super().__init__(settings)
        self._files = files

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The value of one setting, None if no file has it."""
        del field
        file = self._files.get(field_name)
        return (None if file is None else _content(file)), field_name, False

    def __call__(self) -> dict[str, Any]:
        """All values; ValueError if a file cannot be read."""
        return {name: _content(file) for name, file in self._files.items()}


def _content(file: Path) -> str:
    try:
        text = file.read_bytes().decode("utf-8")
    except OSError as error:
        reason = error.strerror
    except UnicodeDecodeError:
        reason = "it is not text in UTF-8"
    else:
        return text.removesuffix("\n").removesuffix("\r")
    raise ValueError(
        f"{file.absolute()} cannot be read ({reason}): it is to hold a setting's value, and that "
        "only; correct its path, its permissions or its content."
    )


def named_files(names: Iterable[str]) -> dict[str, Path]:
    """The files that variables name; ValueError if a setting is given beside its file."""
    given, found = variables(), dict[str, Path]()
    for name in names:
        variable = PREFIX + name.upper()
        if path := given.get(variable + FILE_SUFFIX):
            if given.get(variable):
                raise ValueError(
                    f"{variable} and {variable}{FILE_SUFFIX} are both in the environment: unset "
                    "one of them."
                )
            found[name] = Path(path).expanduser()
    return found


def secret_files(names: Iterable[str]) -> dict[str, Path]:
    """The files of the directory of secrets that are named like settings.

    Others may lie there, such as keys and certificates. ValueError if there is no such directory,
    if a setting is there twice, or if a name can only be a slip of the pen.
    """
    directory, known, found = variables().get(DIRECTORY), set(names), dict[str, Path]()
    if not directory:
        return found
    for file in _listed(Path(directory).expanduser()):
        name = file.name.lower().removeprefix(PREFIX.lower())
        if name in known:
            if name in found:
                raise ValueError(f"{found[name]} and {file.name} hold the same setting: keep one.")
            found[name] = file
        elif meant := get_close_matches(name, known, n=1, cutoff=LIKENESS):
            raise ValueError(f"{file} is no setting (is it {meant[0]}?): correct its name.")
    return found


def _listed(directory: Path) -> Iterator[Path]:
    """The files in order; what begins with a dot is the mounting program's own."""
    try:
        entries = sorted(directory.absolute().iterdir())
    except OSError as error:
        raise ValueError(
            f"{DIRECTORY} in the environment names a directory that cannot be read "
            f"({error.strerror}): correct it, or unset it."
        ) from None
    return (entry for entry in entries if not entry.name.startswith(".") and not entry.is_dir())


def readable(path: str) -> str:
    """The path of a file that a setting names, from the root: for processes started elsewhere.

    ValueError if there is no such file, or if it may not be read; "" stays as it is.
    """
    if not path:
        return path
    file = Path(path).expanduser().absolute()
    if not file.is_file():
        raise ValueError("names a file that is not there; check the path")
    if not os.access(file, os.R_OK):
        raise ValueError("names a file that may not be read; change its permissions")
    return str(file)
