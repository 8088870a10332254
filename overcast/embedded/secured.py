"""A Kafka that lets nobody in who cannot prove who he is: its files, and the settings of its users.

Clients come by SASL_SSL with SCRAM-SHA-512, or by a certificate (mutual TLS) on a listener of its
own, by which the broker and the controller speak to each other too. Nobody may do anything without
a right, but for the broker and the administrator. Beside it is a Redis with the same users, as far
as they need one (`secured_redis.py`). Everything is made anew with each start; files that hold a
secret can be read by their owner only.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from overcast.embedded import secured_redis
from overcast.embedded.certificates import Authority, write_secret
from overcast.embedded.children import free_ports
from overcast.embedded.secured_redis import SecuredRedis

ADMINISTRATOR = "admin"
BROKER = "broker"
CA = "ca.crt"
HOSTS = ("127.0.0.1", "localhost")
SECRET_BYTES = 24
FOLDER_MODE = 0o700
PROPERTIES = """\
listeners=CLIENTS://127.0.0.1:{port},CERTS://127.0.0.1:{certs},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=CLIENTS://127.0.0.1:{port},CERTS://127.0.0.1:{certs}
listener.security.protocol.map=CLIENTS:SASL_SSL,CERTS:SSL,CONTROLLER:SSL
inter.broker.listener.name=CERTS
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.clients.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.certs.ssl.client.auth=required
listener.name.controller.ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
ssl.truststore.type=PEM
ssl.truststore.location={ca}
ssl.principal.mapping.rules=RULE:^CN=(.*)$/$1/
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:{broker};User:{administrator}
"""


@dataclass(frozen=True)
class Secured:
    """The authority of one Kafka, its users and their passwords, and the folder of its files."""

    folder: Path
    authority: Authority
    passwords: dict[str, str] = field(repr=False)
    certs_port: int
    redis: SecuredRedis

    @property
    def ca(self) -> Path:
        """The certificate that clients trust."""
        return self.folder / CA

    @property
    def scram(self) -> list[str]:
        """What tells `kafka-storage format` the users; it holds the passwords."""
        return [
            argument
            for user, password in self.passwords.items()
            for argument in ("--add-scram", f"SCRAM-SHA-512=[name={user},password={password}]")
        ]

    def properties(self, port: int, controller: int) -> str:
        """The lines of the broker's settings, which win over those of a plain one."""
        return PROPERTIES.format(
            port=port,
            certs=self.certs_port,
            controller=controller,
            keystore=self.folder / "broker.pem",
            ca=self.ca,
            broker=BROKER,
            administrator=ADMINISTRATOR,
        )

    def settings(self, user: str, kafka: str) -> dict[str, str]:
        """The settings of one user, secrets included."""
        return {
            "kafka": kafka,
            "kafka_security_protocol": "SASL_SSL",
            "kafka_sasl_mechanism": "SCRAM-SHA-512",
            "kafka_user": user,
            "kafka_password": self.passwords[user],
            "kafka_ssl_ca": str(self.ca),
            **({"redis": self.redis.urls[user]} if user in self.redis.urls else {}),
        }

    def write_settings(self, kafka: str) -> Path:
        """Write each user's settings as an overcast.toml; return the administrator's."""
        for user in self.passwords:
            lines = (f"{n} = {json.dumps(v)}\n" for n, v in self.settings(user, kafka).items())
            write_secret(self.folder / f"{user}.toml", "".join(lines).encode())
        return self.folder / f"{ADMINISTRATOR}.toml"


def make(folder: Path, users: Iterable[str] = ()) -> Secured:
    """Make an authority, the broker's certificate, and passwords; write what the broker reads."""
    folder.mkdir(FOLDER_MODE, parents=True)
    passwords = {user: secrets.token_urlsafe(SECRET_BYTES) for user in (ADMINISTRATOR, *users)}
    authority, ca = Authority("overcast up --secure"), folder / CA
    ca.write_bytes(authority.cert)
    certs_port, redis_port = free_ports(2)
    redis = secured_redis.make(folder, redis_port, authority, ca, passwords)
    made = Secured(folder, authority, passwords, certs_port, redis)
    broker = made.authority.issue(BROKER, HOSTS)
    write_secret(folder / "broker.pem", broker.key + broker.cert)
    return made
