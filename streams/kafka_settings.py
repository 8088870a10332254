"""The settings of Kafka's clients, judged together: what is missing, and what has no effect.

Each error is one sentence that names the setting and repeats no value.
"""

import re
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from streams.access import (
    OAUTHBEARER,
    PASSWORD_MECHANISMS,
    KafkaAccess,
    Mechanism,
    PasswordLogin,
    Protocol,
    Tls,
    TokenLogin,
    holds_certificates,
    loads,
)
from streams.addresses import bootstrap_servers, is_http
from streams.setting_sources import readable

NO_CERTIFICATE = "names a file without a certificate in PEM: correct the path, or the file"


@dataclass(frozen=True, slots=True)
class Use:
    """Settings that are used with some values of another only, and then may be needed."""

    names: tuple[str, ...]
    by: str
    values: tuple[str, ...]
    needed: bool = False


WITH_SASL = ("kafka_security_protocol", ("SASL_SSL", "SASL_PLAINTEXT"))
WITH_TLS = ("kafka_security_protocol", ("SASL_SSL", "SSL"))
WITH_PASSWORD = ("kafka_sasl_mechanism", PASSWORD_MECHANISMS)
WITH_TOKENS = ("kafka_sasl_mechanism", (OAUTHBEARER,))
OAUTH, SSL = "kafka_oauth_", "kafka_ssl_"
USES = (
    Use(("kafka_sasl_mechanism",), *WITH_SASL, needed=True),
    Use(("kafka_user", "kafka_password"), *WITH_PASSWORD, needed=True),
    Use(
        (OAUTH + "endpoint", OAUTH + "client_id", OAUTH + "client_secret"),
        *WITH_TOKENS,
        needed=True,
    ),
    Use((OAUTH + "scope", OAUTH + "extensions", OAUTH + "ca"), *WITH_TOKENS),
    Use((SSL + "ca", SSL + "cert", SSL + "key", SSL + "key_password"), *WITH_TLS),
)
TOGETHER = (  # the first needs the second
    (SSL + "cert", SSL + "key"),
    (SSL + "key", SSL + "cert"),
    (SSL + "key_password", SSL + "key"),
)
_EXTENSION = r"(?!auth=)[A-Za-z]+=[^\x00-\x1f,=]+"
_EXTENSIONS = re.compile(f"{_EXTENSION}(?:,{_EXTENSION})*")


class KafkaSettings(BaseSettings):
    """One group of settings for every client of Kafka."""

    kafka: str = Field(
        "127.0.0.1:9092", description="Kafka bootstrap servers, host:port,…; IPv6: [::1]:9092"
    )
    kafka_security_protocol: Protocol = Field(
        "PLAINTEXT", description="as Kafka's own clients name it; every client uses it"
    )
    kafka_sasl_mechanism: Literal["", Mechanism] = Field(
        "", description="how clients prove who they are; '': not at all, or by a certificate"
    )
    kafka_user: str = Field("", description="user, of PLAIN and SCRAM")
    kafka_password: SecretStr = Field(SecretStr(""), description="password, of PLAIN and SCRAM")
    kafka_oauth_endpoint: str = Field(
        "", description="URL of the token endpoint, of OAUTHBEARER: https://…/token"
    )
    kafka_oauth_client_id: str = Field("", description="client's id at the token endpoint")
    kafka_oauth_client_secret: SecretStr = Field(
        SecretStr(""), description="client's secret at the token endpoint"
    )
    kafka_oauth_scope: str = Field("", description="scope of the tokens; '': the endpoint's own")
    kafka_oauth_extensions: str = Field(
        "", description="what the broker wants besides the token: name=value,…; '': nothing"
    )
    kafka_oauth_ca: str = Field(
        "", description="file of certificates that the token endpoint's is checked by; '': system's"
    )
    kafka_ssl_ca: str = Field(
        "", description="file of certificates that the brokers' are checked by; '': the system's"
    )
    kafka_ssl_cert: str = Field("", description="file of the client's certificate; '': none")
    kafka_ssl_key: str = Field("", description="file of that certificate's private key")
    kafka_ssl_key_password: SecretStr = Field(
        SecretStr(""), description="password that opens the private key; '': it is not encrypted"
    )

    @property
    def kafka_access(self) -> KafkaAccess:
        """What every client of Kafka is made from."""
        return KafkaAccess(self.kafka, self._tls(), self._login())

    def _tls(self) -> Tls | None:
        if self.kafka_security_protocol not in WITH_TLS[1]:
            return None
        files = (self.kafka_ssl_ca, self.kafka_ssl_cert, self.kafka_ssl_key)
        return Tls(*files, self.kafka_ssl_key_password)

    def _login(self) -> PasswordLogin | TokenLogin | None:
        mechanism = self.kafka_sasl_mechanism
        if not mechanism:
            return None
        if mechanism != OAUTHBEARER:
            return PasswordLogin(mechanism, self.kafka_user, self.kafka_password)
        return TokenLogin(
            self.kafka_oauth_endpoint,
            self.kafka_oauth_client_id,
            self.kafka_oauth_client_secret,
            self.kafka_oauth_scope,
            self.kafka_oauth_extensions,
            self.kafka_oauth_ca,
        )

    @field_validator("kafka")
    @classmethod
    def _are_servers(cls, listed: str) -> str:
        """The servers as all clients take them, whatever blanks were written."""
        return ",".join(bootstrap_servers(listed))

    @field_validator("kafka_oauth_endpoint")
    @classmethod
    def _is_an_endpoint(cls, url: str) -> str:
        if url and not is_http(url):
            raise ValueError("is no URL of a token endpoint: https://HOST/PATH, without a user")
        return url

    @field_validator("kafka_oauth_extensions")
    @classmethod
    def _are_extensions(cls, listed: str) -> str:
        if listed and not _EXTENSIONS.fullmatch(listed):
            raise ValueError("is not name=value,… with names of letters; `auth` is Kafka's own")
        return listed

    @field_validator("kafka_oauth_ca", "kafka_ssl_ca", "kafka_ssl_cert", "kafka_ssl_key")
    @classmethod
    def _is_a_file(cls, path: str) -> str:
        return readable(path)

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        """Judge the group; a sentence of its own, for none of its settings is wrong by itself."""
        for wrong in (_without_effect(self), _missing(self), _unusable(self)):
            if wrong:
                raise ValueError(wrong)
        return self


UNSECURED: dict[str, str] = {  # each as it is of a plain Kafka
    name: field.default.get_secret_value()
    if isinstance(field.default, SecretStr)
    else field.default
    for name, field in KafkaSettings.model_fields.items()
    if name != "kafka"
}


def _given(settings: KafkaSettings, name: str) -> bool:
    value = getattr(settings, name)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _missing(settings: KafkaSettings) -> str:
    """What the chosen way needs and was not given."""
    for use in USES:
        value = getattr(settings, use.by)
        if use.needed and value in use.values:
            for name in use.names:
                if not _given(settings, name):
                    return lacks(f"{use.by} {value}", name)
    for name, other in TOGETHER:
        if _given(settings, name) and not _given(settings, other):
            return lacks(name, other)
    return ""


def lacks(needing: str, name: str) -> str:
    """The sentence on a setting that is missing, and what needs it."""
    place = f"set OVERCAST_{name.upper()} (or …_FILE), or {name} in overcast.toml"
    return f"{name} is missing, and {needing} needs it: {place}"


def _without_effect(settings: KafkaSettings) -> str:
    """What was given and would not be used: whoever gave it thinks that something is secured."""
    for use in USES:
        if getattr(settings, use.by) not in use.values:
            for name in use.names:
                if _given(settings, name):
                    choice = " or ".join(use.values)
                    return f"{name} has no effect unless {use.by} is {choice}: set both or none"
    return ""


def _unusable(settings: KafkaSettings) -> str:
    """The files that hold no certificate or key, or do not belong together."""
    access = settings.kafka_access
    if access.tls and not holds_certificates(access.tls.ca):
        return f"kafka_ssl_ca {NO_CERTIFICATE}"
    if access.tls and not loads(access.tls.context):
        return (
            "kafka_ssl_cert and kafka_ssl_key name no certificate and private key in PEM that "
            "belong together, or kafka_ssl_key_password does not open the key"
        )
    if isinstance(access.login, TokenLogin) and not holds_certificates(access.login.ca):
        return f"kafka_oauth_ca {NO_CERTIFICATE}"
    return ""
