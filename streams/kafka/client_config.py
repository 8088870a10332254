"""The configuration of every Kafka client, security included, in the form of its library.

`client` and `reader` are librdkafka's form, `aiokafka_options` is aiokafka's, of which
`streams.worker.credentials` makes Faust's. A test finds each place that makes a client and does not
come through here. See ADR-20.
"""

from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from streams.access import KafkaAccess, PasswordLogin, Tls, TokenLogin
from streams.addresses import bootstrap_servers
from streams.kafka.errors import refusal

Setting = str | int | float | bool

ANSWER_SECONDS = 10.0
RECONNECT_MS = 500  # librdkafka's 10 s would come on top of a broker's restart
LARGEST_ANSWER = 1 << 30  # bytes: a batch that is larger than librdkafka's 100 MB stops no reader
# Consumers of assigned partitions must name a group, which they do not join: the log reader's, the
# followers' and the archive's. Kafka asks for the right to describe it (`streams.rights.roles`).
LOG_READER, FOLLOWER, ARCHIVE = "overcast-log-reader", "overcast-follower", "overcast-archive"
CRITICAL = 2  # of syslog's levels: librdkafka's retries are no news, its errors come as exceptions


# Ends of partitions include what an open transaction holds back: it is still to be worked on.
TO_THE_END: dict[str, Setting] = {"isolation.level": "read_uncommitted"}


def client(access: KafkaAccess, **more: Setting) -> dict[str, Setting]:
    """The base of a confluent-kafka client's configuration."""
    return {
        "bootstrap.servers": ",".join(bootstrap_servers(access.servers)),
        "log_level": CRITICAL,
        "reconnect.backoff.max.ms": RECONNECT_MS,
        **_security(access),
        **more,
    }


ONE_A_BATCH: dict[str, Setting] = {"batch.num.messages": 1}  # none is refused for another's size
READING: dict[str, Setting] = {
    "enable.auto.commit": False,
    "receive.message.max.bytes": LARGEST_ANSWER,
    "queued.max.messages.kbytes": 16_384,  # read ahead by one client; librdkafka's default is 64 MB
}


def reader(access: KafkaAccess, name: str, **more: Setting) -> dict[str, Setting]:
    """The same of a consumer of assigned partitions; it must name a group, but joins none."""
    return client(access, **READING | {"group.id": name} | more)


def _security(access: KafkaAccess) -> dict[str, Setting]:
    """The names are librdkafka's; of a plain Kafka there are none."""
    if access.protocol == "PLAINTEXT":
        return {}
    found: dict[str, Setting] = {"security.protocol": access.protocol}
    if access.tls:
        found |= _files(access.tls)
    if access.login:
        found |= {"sasl.mechanism": access.login.mechanism} | _login(access.login)
    return found


def _files(tls: Tls) -> dict[str, Setting]:
    named = {
        "ssl.ca.location": tls.ca,
        "ssl.certificate.location": tls.cert,
        "ssl.key.location": tls.key,
        "ssl.key.password": tls.key_password.get_secret_value(),
    }
    return {name: value for name, value in named.items() if value}


def _login(login: PasswordLogin | TokenLogin) -> dict[str, Setting]:
    if isinstance(login, PasswordLogin):
        return {"sasl.username": login.user, "sasl.password": login.password.get_secret_value()}
    named = {
        "sasl.oauthbearer.method": "oidc",
        "sasl.oauthbearer.token.endpoint.url": login.endpoint,
        "sasl.oauthbearer.client.id": login.client_id,
        "sasl.oauthbearer.client.secret": login.client_secret.get_secret_value(),
        "sasl.oauthbearer.scope": login.scope,
        "sasl.oauthbearer.extensions": login.extensions,
        "https.ca.location": login.ca,
    }
    return {name: value for name, value in named.items() if value}


def aiokafka_options(access: KafkaAccess) -> dict[str, Any]:
    """The base of an aiokafka client's arguments; the files are read as they are now."""
    found: dict[str, Any] = {"bootstrap_servers": bootstrap_servers(access.servers)}
    if access.protocol == "PLAINTEXT":
        return found
    found["security_protocol"] = access.protocol
    if access.tls:
        found["ssl_context"] = access.tls.context()
    return found | (_aiokafka_login(access.login) if access.login else {})


def _aiokafka_login(login: PasswordLogin | TokenLogin) -> dict[str, Any]:
    found: dict[str, Any] = {"sasl_mechanism": login.mechanism}
    if isinstance(login, PasswordLogin):
        user, password = login.user, login.password.get_secret_value()
        return found | {"sasl_plain_username": user, "sasl_plain_password": password}
    from streams.oauth_tokens import token_provider  # noqa: PLC0415  aiokafka: few clients need it

    return found | {"sasl_oauth_token_provider": token_provider(login)}


def await_answer(access: KafkaAccess) -> None:
    """Return when Kafka answers; if it does not, raise KafkaException with advice."""
    errors: list[KafkaError] = []
    callback: dict[str, Any] = {"error_cb": errors.append}
    admin = AdminClient(client(access) | callback)
    try:
        admin.list_topics(timeout=ANSWER_SECONDS)
    except KafkaException as error:
        admin.poll(0)  # hands over what the client has met with
        raise KafkaException(
            refusal(access, errors)
            or f"no Kafka answers at {access.servers}. Start one with 'overcast up', or name yours "
            "with --kafka or OVERCAST_KAFKA."
        ) from error
