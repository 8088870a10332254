"""What is wrong with a setting, as one sentence: which one, where it was given, what to do.

No value is repeated: it may be a secret.
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from streams.given_settings import DIRECTORY, FILE_SUFFIX, PREFIX, variables

# No settings: where secrets are (`streams.setting_sources`), where the jars are kept
# (`overcast.embedded.jars`), and what tests are given.
OTHERS = re.compile(r"SECRETS_DIR|CACHE_DIR|TEST_\w+")
# Kubernetes sets these in every container, for each service: here for one that is named `overcast`
# or `overcast-…`.
SERVICE = re.compile(
    r"(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)\w*)"
)


def refuse_unknown(names: Iterable[str]) -> None:
    """Raise ValueError for a variable OVERCAST_* that is no setting: it would have no effect."""
    known = {name.upper() + suffix for name in names for suffix in ("", FILE_SUFFIX)}
    for variable, value in os.environ.items():
        upper = variable.upper()
        name = upper.removeprefix(PREFIX)
        if upper.startswith(PREFIX) and name not in known and not _foreign(name, value):
            raise ValueError(
                f"{variable} in the environment is no setting{_meant(name, known, PREFIX)}: "
                "unset it, or correct its name."
            )


def _foreign(name: str, value: str) -> bool:
    """Return whether a variable is another program's, or not for the settings."""
    link = name.endswith("PORT") and value.startswith(("tcp://", "udp://", "sctp://"))
    return link or bool(OTHERS.fullmatch(name) or SERVICE.fullmatch(name))


def _meant(name: str, known: Iterable[str], prefix: str = "") -> str:
    close = get_close_matches(name, list(known), n=1)
    return f" (is it {prefix}{close[0]}?)" if close else ""


def refuse_unreadable(file: Path) -> None:
    """Raise ValueError if a file of settings is there and cannot be read as TOML."""
    try:
        tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return
    except OSError as error:
        reason = error.strerror
    except ValueError as error:  # not TOML, or not UTF-8
        reason = f"it is not TOML: {error}"
    else:
        return
    raise ValueError(
        f"{file.absolute()} cannot be read ({reason}): correct it, or remove it; it holds lines "
        'such as kafka = "host:9092".'
    )


def sentence(error: ValidationError, fields: Mapping[str, FieldInfo], file: Path) -> str:
    """Return what pydantic refused of the settings, and where it was given."""
    refused = error.errors(include_input=False, include_url=False)
    return "; ".join(_refused(each, fields, file) for each in refused)


def _refused(each: ErrorDetails, fields: Mapping[str, FieldInfo], file: Path) -> str:
    why = each["msg"].removeprefix("Value error, ")
    if not each["loc"]:  # of settings that do not go together: the sentence names them
        return why
    name = str(each["loc"][0])
    where = _where(name, file)
    if name not in fields:
        meant = _meant(name, fields)
        return f"{name} in {where} is no setting{meant}: correct its name, or remove it"
    reason = why.removeprefix(f"{name}: ")
    return f"{name} in {where}: {reason[0].lower()}{reason[1:]} ({fields[name].description})"


def _where(name: str, file: Path) -> str:
    """Return where a setting was given: a flag wins over the environment, that over the files."""
    flag, variable = f"--{name.replace('_', '-')}", f"{PREFIX}{name.upper()}"
    if flag in {word.partition("=")[0] for word in sys.argv[1:]}:
        return flag
    given = variables()
    if given.get(variable + FILE_SUFFIX):
        return f"the file of {variable}{FILE_SUFFIX}"
    if variable in given:
        return f"{variable} in the environment"
    return _secret(name, given.get(DIRECTORY, "")) or str(file.absolute())


def _secret(name: str, directory: str) -> str:
    """Return the file of a directory of secrets in which a setting was given; "" if in none."""
    with suppress(OSError):
        for file in Path(directory).expanduser().iterdir() if directory else ():
            if file.name.lower() in {name, f"{PREFIX}{name}".lower()}:
                return str(file.absolute())
    return ""
