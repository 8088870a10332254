"""Every setting, typed, in one place: flag, environment, a file of its own, or overcast.toml.

docs/settings.md lists them, and says where they come from.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, Secret, SecretStr, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from learning.training.schedule import EVERY, MOVED
from streams.given_settings import FILE, FILE_SUFFIX, PREFIX, STATE_DIR
from streams.kafka_settings import UNSECURED, KafkaSettings
from streams.service_settings import ServiceSettings
from streams.setting_errors import refuse_unknown, refuse_unreadable
from streams.setting_sources import FileSource, named_files, secret_files
from streams.sign_in_settings import SignInSettings
from streams.store_settings import StoreSettings


class Settings(SignInSettings, StoreSettings, KafkaSettings, ServiceSettings):
    """The settings of a process; flags override the environment, which overrides the files."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        toml_file=FILE,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # what is refused may be a secret with a slip of the pen
    )

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
    live_matches: int = Field(
        500, ge=1, description="matches kept in memory per partition, of those that ended 16"
    )
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
    snapshot_pointers: bool = Field(
        default=False, description="send pointers into the store instead of whole snapshots"
    )
    explain: bool = Field(
        default=False,
        description="say with each prediction what contributed to it; some 4 ms a ball",
    )
    signing_key: SecretStr = Field(
        SecretStr(""), description="Ed25519 private key of the learner, 64 hex digits"
    )
    trusted_keys: str = Field(
        "", description="public keys, hex, by comma: only snapshots they sign are used; '': all"
    )
    operator_key: SecretStr = Field(
        SecretStr(""), description="Ed25519 private key of who gives orders here, 64 hex digits"
    )
    operator_keys: str = Field(
        "",
        description="operators' public keys, name=hex, by comma: only orders they sign are "
        "followed; '': whoever may write cricket.orders gives orders",
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
        STATE_DIR,
        validate_default=True,
        description="folder in which `overcast up` keeps its state",
    )

    def as_environment(self, names: Iterable[str]) -> dict[str, str]:
        """The variables that give these settings to another process, secrets included.

        With `kafka` and `redis` go all settings of how they are reached.
        """
        wanted = dict.fromkeys(names)
        if "kafka" in wanted:
            wanted |= dict.fromkeys(UNSECURED)
        if "redis" in wanted:
            wanted["redis_password"] = None
        return as_variables({name: getattr(self, name) for name in wanted})

    @field_validator("signing_key", "operator_key")
    @classmethod
    def _is_a_key(cls, secret: SecretStr, field: ValidationInfo) -> SecretStr:
        _hex_key(secret.get_secret_value(), str(field.field_name))
        return secret

    @field_validator("operator_keys")
    @classmethod
    def _are_named_keys(cls, listed: str) -> str:
        named_keys(listed)
        return listed

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


def named_keys(listed: str) -> dict[str, str]:
    """Keys in hex by their owners' names, of a list by commas; ValueError if it is none."""
    keys: dict[str, str] = {}
    for number, text in enumerate(listed.split(",") if listed.strip() else (), 1):
        name, _, key = (part.strip() for part in text.partition("="))
        if not name or not key or name in keys:
            raise ValueError(f"operator_keys: entry {number} is not name=key, or the name is twice")
        _hex_key(key, "operator_keys")
        keys[name] = key.lower()
    return keys


def _hex_key(text: str, name: str) -> None:
    """Raise ValueError unless the text is empty or a key in hex."""
    if text and not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise ValueError(f"{name}: a key is 64 hex digits; make one with `overcast keygen`")
