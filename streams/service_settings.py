"""The settings of services beside Kafka and Redis: where each is, by what it lets us in, its CA.

The schema registry, the collector of traces and the snapshot store are given in the same way. Each
error is one sentence that names the setting and repeats no value.
"""

from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from streams.access import Service, holds_certificates
from streams.secret_url import SecretUrl
from streams.setting_sources import readable

SERVICES = ("snapshot_store", "traces", "schema_registry")
USER = "user at it; '': none, or as in the URL"
CA = "file of certificates that its own is checked by; '': the system's"


class ServiceSettings(BaseSettings):
    """One group of settings for each service; whoever has no user has neither a password."""

    snapshot_store: SecretUrl = Field(
        SecretUrl(""),
        description="URL of the folder that keeps snapshots, e.g. s3://…; '': state_dir/models",
    )
    snapshot_store_user: str = Field("", description=f"{USER}; of S3 the access key's id")
    snapshot_store_password: SecretStr = Field(
        SecretStr(""), description="that user's password; of S3 the secret access key"
    )
    snapshot_store_ca: str = Field("", description=CA)
    traces: SecretUrl = Field(
        SecretUrl(""),
        description="where OpenTelemetry traces go: an OTLP URL, e.g. http://host:4318; '': off",
    )
    traces_user: str = Field("", description=USER)
    traces_password: SecretStr = Field(SecretStr(""), description="that user's password")
    traces_token: SecretStr = Field(
        SecretStr(""), description="bearer token in place of user and password"
    )
    traces_ca: str = Field("", description=CA)
    schema_registry: SecretUrl = Field(
        SecretUrl(""), description="schema registry's URL; '': none is used"
    )
    schema_registry_user: str = Field("", description=USER)
    schema_registry_password: SecretStr = Field(SecretStr(""), description="that user's password")
    schema_registry_token: SecretStr = Field(
        SecretStr(""), description="bearer token in place of user and password"
    )
    schema_registry_ca: str = Field("", description=CA)

    def service(self, name: str) -> Service:
        """What a client of one of SERVICES is made from."""
        return Service(
            getattr(self, name),
            getattr(self, f"{name}_user"),
            getattr(self, f"{name}_password"),
            getattr(self, f"{name}_token", SecretStr("")),
            getattr(self, f"{name}_ca"),
        )

    @field_validator(*(f"{name}_ca" for name in SERVICES))
    @classmethod
    def _holds_certificates(cls, path: str) -> str:
        file = readable(path)
        if not holds_certificates(file):
            raise ValueError(
                "names a file without a certificate in PEM: correct the path, or the file"
            )
        return file

    @model_validator(mode="after")
    def _services_are_whole(self) -> Self:
        """Judge each group; a sentence of its own, as for the settings of Kafka."""
        for name in SERVICES:
            if wrong := _wrong(self, name):
                raise ValueError(wrong)
        return self


def _wrong(settings: ServiceSettings, name: str) -> str:
    """What is missing of a service's settings, or would have no effect; "" if nothing is."""
    service = settings.service(name)
    values = {
        "user": service.user,
        "password": service.password.get_secret_value(),
        "token": service.token.get_secret_value(),
        "ca": service.ca,
    }
    given = [f"{name}_{what}" for what, value in values.items() if value]
    if given and not service.url.get_secret_value():
        return f"{', '.join(given)}: no effect without {name}; set both or none"
    for one, other in (("user", "password"), ("password", "user")):
        if values[one] and not values[other]:
            return f"{name}_{other} is missing, and {name}_{one} needs it"
    if values["token"] and values["user"]:
        return f"{name}_token and {name}_user are two ways in: give one of them"
    return ""
