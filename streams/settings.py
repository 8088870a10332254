"""Every setting, typed, in one place: flag, environment, a file of its own, or overcast.toml.

docs/settings.md lists them, and says where they come from.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, Secret, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from learning.training.schedule import EVERY, MOVED
from streams.addresses import SecretUrl, check_store
from streams.kafka_settings import UNSECURED, KafkaSettings
from streams.setting_errors import FILE_SUFFIX, PREFIX, refuse_unknown, refuse_unreadable
from streams.setting_sources import FileSource, named_files, secret_files
from streams.sign_in_settings import SignInSettings

FILE = Path("overcast.toml")  # in the working directory


class Settings(SignInSettings, KafkaSettings):
    """The settings of a process; flags override the environment, which overrides the files."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        toml_file=FILE,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # what is refused may be a secret with a slip of the pen
    )

    redis: SecretUrl = Field(SecretUrl("redis://127.0.0.1:6379/0"), description="Redis URL")
    topic_prefix: str = Field("", description="prefix of every topic's name, e.g. 'staging.'")
    group: str = Field("overcast", description="consumer group of the workers")
    partitions: int = Field(4, ge=1, le=1024, description="partitions of the match topics")
    replication: int = Field(1, ge=1, le=5, description="replication factor of new topics")
    match_ttl: int = Field(
        604_800,
        ge=60,
        description="seconds that a match stays in Redis; it must outlast a reserve day",
    )
    stored_matches: int = Field(
        10_000,
        ge=1,
        description="matches kept in Redis per partition; the longest unchanged go first",
    )
    live_matches: int = Field(500, ge=1, description="matches kept in memory per partition")
    gap_messages: int = Field(
        12,
        ge=0,
        le=1_000,
        description="messages of a match held while one is missing; 12: two overs",
    )
    gap_seconds: int = Field(
        120, ge=0, description="seconds of feed time that a match waits for a missing message"
    )
    snapshot_every: int = Field(
        EVERY, ge=1, description="learned labels between two snapshots, as a rule"
    )
    snapshot_moved: float = Field(
        MOVED,
        gt=0,
        description="change of the scoring level, in tilt, that brings a snapshot at once",
    )
    snapshot_store: SecretUrl = Field(
        SecretUrl(""),
        description="URL of the folder that keeps snapshots, e.g. s3://…; '': state_dir/models",
    )
    snapshot_pointers: bool = Field(
        default=False, description="send pointers into the store instead of whole snapshots"
    )
    signing_key: SecretStr = Field(
        SecretStr(""), description="Ed25519 private key of the learner, 64 hex digits"
    )
    trusted_keys: str = Field(
        "", description="public keys, hex, by comma: only snapshots they sign are used; '': all"
    )
    metrics_port: int = Field(
        0, ge=0, le=65_535, description="port of /metrics, /live and /ready; 0: none"
    )
    metrics_host: str = Field(
        "127.0.0.1", description="address of the metrics port; 0.0.0.0: all, as in a container"
    )
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="log lines as JSON or for people; auto: for people on a terminal"
    )
    traces: SecretUrl = Field(
        SecretUrl(""),
        description="where OpenTelemetry traces go: an OTLP URL, e.g. http://host:4318; '': off",
    )
    schema_registry: SecretUrl = Field(
        SecretUrl(""), description="schema registry's URL; '': none is used"
    )
    worker_port: int = Field(0, ge=0, le=65_535, description="Faust web port; 0: none")
    dashboard_host: str = Field("127.0.0.1", description="address on which the live page listens")
    dashboard_port: int = Field(
        8600, ge=0, le=65_535, description="port of the live page; 0: any free one"
    )
    dashboard_token: SecretStr = Field(
        SecretStr(""), description="secret that a viewer of the live page must give; '': none"
    )
    dashboard_matches: int = Field(
        200, ge=1, description="matches the live page keeps ball by ball; some 0.4 MB each"
    )
    dashboard_viewers: int = Field(2_000, ge=1, description="streams open at the same time")
    dashboard_per_address: int = Field(
        200,
        ge=1,
        description="connections of one address; behind a proxy, as many as dashboard_viewers",
    )
    state_dir: Path = Field(
        Path("~/.local/state/overcast"),
        validate_default=True,
        description="folder in which `overcast up` keeps its state",
    )

    def as_environment(self, names: Iterable[str]) -> dict[str, str]:
        """The variables that give these settings to another process, secrets included.

        With `kafka` go all settings of how it is reached.
        """
        wanted = dict.fromkeys(names)
        if "kafka" in wanted:
            wanted |= dict.fromkeys(UNSECURED)
        return as_variables({name: getattr(self, name) for name in wanted})

    @field_validator("redis")
    @classmethod
    def _is_a_store(cls, url: SecretUrl) -> SecretUrl:
        check_store(url.get_secret_value())
        return url

    @field_validator("signing_key")
    @classmethod
    def _is_a_key(cls, secret: SecretStr) -> SecretStr:
        _hex_key(secret.get_secret_value(), "signing_key")
        return secret

    @field_validator("trusted_keys")
    @classmethod
    def _are_keys(cls, listed: str) -> str:
        for text in listed.split(",") if listed.strip() else ():
            _hex_key(text.strip(), "trusted_keys")
        return listed

    @field_validator("state_dir")
    @classmethod
    def _at_home(cls, folder: Path) -> Path:
        return folder.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, the environment, the directory of secrets, then `overcast.toml`.

        ValueError for a variable that is no setting, and for a file that cannot be read.
        """
        del dotenv_settings, file_secret_settings
        names = settings_cls.model_fields
        refuse_unknown(names)
        refuse_unreadable(FILE)
        return (
            init_settings,
            FileSource(settings_cls, named_files(names)),
            env_settings,
            FileSource(settings_cls, secret_files(names)),
            TomlConfigSettingsSource(settings_cls),
        )


def as_variables(settings: Mapping[str, object]) -> dict[str, str]:
    """Variables that win over any file of the same setting which the other process inherits."""
    values = {f"{PREFIX}{name.upper()}": _plain(value) for name, value in settings.items()}
    return values | {variable + FILE_SUFFIX: "" for variable in values}


def _plain(value: object) -> str:
    if isinstance(value, Secret | SecretStr):
        return str(value.get_secret_value())
    return str(value)


def _hex_key(text: str, name: str) -> None:
    """Raise ValueError unless the text is empty or a key in hex."""
    if text and not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise ValueError(f"{name}: a key is 64 hex digits; make one with `overcast keygen`")
