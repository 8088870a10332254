"""How a client reaches Kafka: the servers, the transport's security, and what proves who it is.

A value, made of the settings by `streams.kafka_settings`. `streams.kafka.client_config` gives each
library's form of it, `streams.worker.credentials` Faust's. No secret is in its `repr`.
"""

import base64
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, get_args

from pydantic import SecretStr

from streams.addresses import HIDDEN
from streams.secret_url import SecretUrl

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
PasswordMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
OAUTHBEARER: Final = "OAUTHBEARER"
Mechanism = Literal[PasswordMechanism, "OAUTHBEARER"]
PASSWORD_MECHANISMS: tuple[PasswordMechanism, ...] = get_args(PasswordMechanism)


NO_SECRET = SecretStr("")


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of PEM: who is trusted ("" for whom the system trusts), and a client's certificate."""

    ca: str = ""
    cert: str = ""
    key: str = ""
    key_password: SecretStr = NO_SECRET

    def context(self) -> ssl.SSLContext:
        """Python's form, from the files as they are now; OSError for what is none."""
        context = trusting(self.ca)
        if self.cert:
            # A password in any case: without one OpenSSL would ask the terminal for it.
            password = self.key_password.get_secret_value()
            context.load_cert_chain(self.cert, self.key, password=password)
        return context


def trusting(ca: str) -> ssl.SSLContext:
    """A context that trusts a file of certificates, or those that the system trusts."""
    return ssl.create_default_context(cafile=ca or None)


def holds_certificates(ca: str) -> bool:
    """Whether a file of whom to trust holds certificates.

    "" does: whom the system trusts, whose hundreds of certificates take a tenth of a second to load
    and are not looked at before they are needed.
    """
    return not ca or loads(partial(trusting, ca))


def loads(context: Callable[[], object]) -> bool:
    """Whether files of certificates and keys are what they should be."""
    try:
        context()
    except (OSError, ValueError):  # ValueError: a password that is longer than OpenSSL takes
        return False
    return True


def basic(user: str, password: SecretStr) -> str:
    """The header of HTTP by which a user shows a password (RFC 7617), secret."""
    proof = f"{user}:{password.get_secret_value()}".encode()
    return f"Basic {base64.b64encode(proof).decode()}"


@dataclass(frozen=True, slots=True)
class PasswordLogin:
    """A user and a password, shown in one of three ways."""

    mechanism: PasswordMechanism
    user: str
    password: SecretStr


@dataclass(frozen=True, slots=True)
class TokenLogin:
    """Where a client gets its OAuth tokens (client credentials), and by what.

    `extensions` are what a broker wants to know besides the token: `name=value`, by comma.
    """

    endpoint: str
    client_id: str
    client_secret: SecretStr
    scope: str = ""
    extensions: str = ""
    ca: str = ""

    mechanism = OAUTHBEARER  # no field


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """The servers, host:port by comma, and their security; without any of it a plain Kafka."""

    servers: str
    tls: Tls | None = None
    login: PasswordLogin | TokenLogin | None = None

    @property
    def protocol(self) -> Protocol:
        """Kafka's name of what is on the wire."""
        if self.login is None:
            return "SSL" if self.tls else "PLAINTEXT"
        return "SASL_SSL" if self.tls else "SASL_PLAINTEXT"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is reached by a URL, by what it lets us in, and the file of its CA."""

    url: SecretUrl
    user: str
    password: SecretStr
    token: SecretStr
    ca: str

    @property
    def authorization(self) -> str:
        """The header of HTTP that shows who we are, secret; "" if nothing shows it but the URL."""
        if token := self.token.get_secret_value():
            return f"Bearer {token}"
        if not self.user:
            return ""
        return basic(self.user, self.password)

    def without_secrets(self, text: str) -> str:
        """A text, such as an error's, without any of the secrets."""
        for secret in (self.password.get_secret_value(), self.token.get_secret_value()):
            text = text.replace(secret, HIDDEN) if secret else text
        return self.url.without_secrets(text)
