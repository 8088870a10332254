"""The settings of Redis's clients: one URL, and its password where that is a secret of its own."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from features.store_address import FILES, StoreAddress, store_address, with_password
from streams.access import Tls, holds_certificates, loads
from streams.secret_url import SecretUrl


class StoreSettings(BaseSettings):
    """How Redis is reached."""

    redis: SecretUrl = Field(
        SecretUrl("redis://127.0.0.1:6379/0"),
        description="Redis URL: redis:// or rediss://, unix://, redis+sentinel://, redis+cluster://",
    )
    redis_password: SecretStr = Field(
        SecretStr(""),
        description="password of the user in the Redis URL; '': the URL's own",
    )

    @property
    def redis_url(self) -> str:
        """What every client of Redis is made from, secrets included."""
        url, password = self.redis.get_secret_value(), self.redis_password.get_secret_value()
        return with_password(url, password) if password else url

    @field_validator("redis")
    @classmethod
    def _is_a_store(cls, url: SecretUrl) -> SecretUrl:
        address = store_address(url.get_secret_value())
        for name in FILES:
            _check_file(name, address.options.get(name, ""))
        _check_certificates(address)
        return url

    @model_validator(mode="after")
    def _has_one_password(self) -> Self:
        address = store_address(self.redis.get_secret_value())
        if self.redis_password.get_secret_value() and "password" in address.options:
            raise ValueError(
                "redis_password has no effect beside the password in the URL of redis: set one of "
                "them"
            )
        return self


def _check_file(name: str, path: str) -> None:
    """ValueError unless a file is there, by a path that means the same to every process."""
    if path and not Path(path).is_absolute():
        raise ValueError(f"has a {name} in its query that does not begin at the root, with /")
    if path and not Path(path).is_file():
        raise ValueError(f"has a {name} in its query that names a file that is not there")


def _check_certificates(address: StoreAddress) -> None:
    options = address.options
    ca, cert, key = (options.get(name, "") for name in FILES)
    if not holds_certificates(ca):
        raise ValueError("has an ssl_ca_certs in its query that is no file of certificates in PEM")
    if cert and not loads(Tls("", cert, key, SecretStr(options.get("ssl_password", ""))).context):
        raise ValueError(
            "has an ssl_certfile and an ssl_keyfile in its query that are no certificate and "
            "private key in PEM that belong together, or ssl_password does not open the key"
        )
