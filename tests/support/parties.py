"""The parties of a deployment: on a secured Kafka each comes as its role, with the least rights.

A test has the settings of who may do everything, and takes those of a party from them.
"""

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from overcast.embedded.servers import Addresses
from streams.kafka.topics import create_topics
from streams.rights.acls import apply
from streams.rights.roles import ADMINISTRATOR, ROLES, Role, principal_of
from streams.settings import Settings


def as_role(settings: Settings, role: Role) -> Settings:
    """The settings of the party that has a role; the same where Kafka asks nobody."""
    file = _file(settings, role)
    return Settings(**dict(settings) | tomllib.loads(file.read_text())) if file else settings


def _file(settings: Settings, role: Role) -> Path | None:
    """Where `up --secure` has written a role's settings; None of another Kafka."""
    file = Path(settings.kafka_ssl_ca).parent / f"{role.name}.toml"
    return file if settings.kafka_user and file.is_file() else None


def prepare(settings: Settings) -> None:
    """Gives each role its rights where Kafka asks for them, and makes the topics."""
    if _file(settings, ADMINISTRATOR):
        apply(settings, [(role, principal_of(role)) for role in ROLES.values()])
    create_topics(as_role(settings, ADMINISTRATOR))


def deployed(addresses: Addresses, name: str) -> Settings:
    """The settings of who may do everything, in a deployment of which each role has its part."""
    made = Settings(
        **addresses.settings, topic_prefix=f"{name}.", group=f"{name}.workers", partitions=1
    )
    prepare(made)
    return made


def ended(settings: Settings, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that has ended, with these settings and in a folder of its own."""
    names = Settings.model_fields.keys() - {"state_dir", "signing_key", "operator_key"}
    return run_overcast(os.environ | settings.as_environment(names), folder, *arguments)


def run_overcast(
    environment: Mapping[str, str], folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """A command of a user who works in a folder, after it has ended."""
    own = {"OVERCAST_STATE_DIR": str(folder / "state"), "COLUMNS": "200"}
    own["PYTHONPATH"] = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-m", "overcast", *arguments],
        cwd=folder,
        env={**environment, **own},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
