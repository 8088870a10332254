"""`docs/settings.md`, generated from the settings."""

from collections.abc import Iterator
from typing import Literal, get_args, get_origin

from pydantic import Secret, SecretStr
from pydantic.fields import FieldInfo

from streams.secret_url import SecretUrl
from streams.settings import Settings

HEAD = """\
# The settings

Made by `make contract` from the code; do not edit. Every process reads the same settings, and
refuses to start with one that is wrong: one sentence names it and says where it was given.

A setting comes from the first of these that has it:

1. a flag of the command, where there is one;
2. the environment: `OVERCAST_` and its name in capitals, such as `OVERCAST_KAFKA`; or a file that
   `OVERCAST_<NAME>_FILE` names, such as `OVERCAST_KAFKA_PASSWORD_FILE=/run/secrets/kafka`. Both
   are one too many;
3. the directory that `OVERCAST_SECRETS_DIR` names, as Docker and Kubernetes mount secrets: a file
   for each setting, named like it (`kafka_password`) or like its variable;
4. `overcast.toml` in the working directory, with lines such as `kafka = "host:9092"`.

A file holds the value and nothing else; its last line break is dropped. Files are read when a
process starts.

**Secrets** are marked in the table. They are in no log, no error, no `repr` and no snapshot. Give
them by a file or a directory: what is in the environment can be read by whoever may look at the
process, and what is in a flag by every user of the machine, of which a warning reminds you.

**Kafka's settings** (`kafka_…`) are one group, for every client, and judged together. A managed
Kafka usually needs four of them:

<!-- needs: a cluster that asks for a user -->
```toml
kafka = "broker.example:9093"
kafka_security_protocol = "SASL_SSL"
kafka_sasl_mechanism = "SCRAM-SHA-512"
kafka_user = "overcast"
# and OVERCAST_KAFKA_PASSWORD_FILE in the environment
```

For mutual TLS give `kafka_security_protocol = "SSL"`, `kafka_ssl_cert` and `kafka_ssl_key`; for
OAuth `kafka_sasl_mechanism = "OAUTHBEARER"`, the URL of the token endpoint, the client's id and
its secret. Brokers' names are always checked against their certificates, which `kafka_ssl_ca` or
the system vouches for. A process that was started with a certificate that has been renewed since
must be started again.

**Redis** is one URL, whatever stands behind it:

- `redis://USER:PASSWORD@HOST:6379/0` is one server, and `rediss://` one with TLS;
- `redis+sentinel://USER:PASSWORD@HOST:26379,HOST,HOST/MASTER/0`, or `rediss+sentinel://`, is the
  server that these Sentinels call the master of that name. User and password are the servers';
  Sentinel's own, if it has any, are `sentinel_username` and `sentinel_password` in the query;
- `redis+cluster://USER:PASSWORD@HOST:6379,HOST`, or `rediss+cluster://`, is a cluster, of which
  some nodes are named;
- `unix:///run/redis.sock?db=0` is a socket.

The password may be a secret of its own instead, `redis_password`. With TLS the query may name an
authority (`ssl_ca_certs`; else the system's are believed) and a client's certificate
(`ssl_certfile`, `ssl_keyfile`, `ssl_password`), by paths from the root; names of hosts are always
checked. New connections read these files again.

| setting | default | |
|---|---|---|
"""


def settings_page() -> str:
    """Return the complete page."""
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return HEAD + "\n".join(rows) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    text = "; ".join([str(field.description).replace("|", "\\|"), *_more(field)])
    return f"| `{name}` | {_default(field.default)} | {text} |"


def _default(value: object) -> str:
    plain = value.get_secret_value() if isinstance(value, Secret | SecretStr) else value
    shown = str(plain).lower() if isinstance(plain, bool) else str(plain)
    return f"`{shown}`" if shown else ""


def _more(field: FieldInfo) -> Iterator[str]:
    """What the type says besides."""
    if get_origin(field.annotation) is Literal:
        yield ", ".join(f"`{choice}`" for choice in get_args(field.annotation) if choice)
    if isinstance(field.default, SecretUrl):
        yield "user, password and query are **secret**"
    elif isinstance(field.default, SecretStr):
        yield "**secret**"
