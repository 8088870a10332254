"""Why a Kafka that is there lets a client not in: the client, the server or the file is named."""

import pytest
from confluent_kafka import KafkaError
from pydantic import SecretStr

from streams.access import KafkaAccess, PasswordLogin, Tls, TokenLogin
from streams.kafka.errors import refusal

SECRET = SecretStr("s3cr3tW0rd")
TLS = Tls("/ca.crt", "/own.crt", "/own.key", SECRET)
PASSWORD = KafkaAccess("h:1", TLS, PasswordLogin("SCRAM-SHA-512", "u", SECRET))
TOKEN = KafkaAccess("h:1", None, TokenLogin("https://id/token?k=s3cr3tW0rd", "c", SECRET))
DOWN = KafkaError(KafkaError._ALL_BROKERS_DOWN, "1/1 brokers are down")  # noqa: SLF001
AUTHENTICATION = KafkaError(
    KafkaError._AUTHENTICATION,  # noqa: SLF001
    "sasl_ssl://h:1/bootstrap: invalid credentials (after 5ms in state AUTH_REQ)",
)
HANDSHAKE = KafkaError(KafkaError._SSL, "ssl://h:1/bootstrap: SSL handshake failed: \n bad")  # noqa: SLF001
ALERT = KafkaError(
    KafkaError._TRANSPORT,  # noqa: SLF001
    "ssl://h:1/bootstrap: Receive failed: error:0A:SSL routines::alert bad certificate "
    "(after 0ms in state APIVERSION_QUERY, 4 identical error(s) suppressed)",
)
NOBODY = KafkaError(
    KafkaError._TRANSPORT,  # noqa: SLF001
    "h:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused",
)
FILES = "Check kafka_ssl_ca /ca.crt and kafka_ssl_cert /own.crt."


@pytest.mark.parametrize(
    ("access", "errors", "said"),
    [
        (
            PASSWORD,
            [DOWN, AUTHENTICATION],
            (
                "Kafka at h:1 does not accept user u (SCRAM-SHA-512; kafka_user, kafka_password): "
                "invalid credentials."
            ),
        ),
        (
            TOKEN,
            [AUTHENTICATION],
            (
                "Kafka at h:1 does not accept client c with a token of https://id/token "
                "(kafka_oauth_…): invalid credentials."
            ),
        ),
        (
            KafkaAccess("h:1", TLS),
            [AUTHENTICATION],
            (
                "Kafka at h:1 does not accept a client that does not say who it is "
                "(kafka_sasl_mechanism): invalid credentials."
            ),
        ),
        (PASSWORD, [HANDSHAKE], f"Kafka at h:1: no TLS (SSL handshake failed: bad). {FILES}"),
        (
            KafkaAccess("h:1", TLS),
            [ALERT, DOWN],
            "Kafka at h:1: no TLS (Receive failed: error:0A:SSL routines::alert bad certificate). "
            + FILES,
        ),
        (
            KafkaAccess("h:1", Tls()),
            [HANDSHAKE],
            (
                "Kafka at h:1: no TLS (SSL handshake failed: bad). Check kafka_ssl_ca (the "
                "system's authorities) and kafka_ssl_cert (none)."
            ),
        ),
        (
            KafkaAccess("h:1"),
            [DOWN, DOWN],
            (
                "Kafka at h:1 closes connections by PLAINTEXT without a word: set "
                "kafka_security_protocol to what it speaks there, or name another port."
            ),
        ),
        (KafkaAccess("h:1"), [NOBODY, DOWN], ""),
        (KafkaAccess("h:1"), [], ""),
    ],
)
def test_a_refusal_says_who_was_refused_and_what_to_check(
    access: KafkaAccess, errors: list[KafkaError], said: str
) -> None:
    assert refusal(access, errors) == said
    assert "s3cr3tW0rd" not in refusal(access, errors)
