"""What Faust's own clients show to Kafka: aiokafka's options in Faust's form."""

from faust.auth import OAuthCredentials, SASLCredentials, SSLCredentials
from faust.types.auth import CredentialsT

from streams.access import KafkaAccess
from streams.kafka.client_config import aiokafka_options


def credentials(access: KafkaAccess) -> CredentialsT | None:
    """The credentials; None for a plain Kafka, which is Faust's default."""
    options = aiokafka_options(access)
    context = options.get("ssl_context")
    if "sasl_oauth_token_provider" in options:
        provider = options["sasl_oauth_token_provider"]
        return OAuthCredentials(oauth_cb=provider, ssl_context=context)
    if "sasl_mechanism" in options:
        return SASLCredentials(
            mechanism=options["sasl_mechanism"],
            username=options["sasl_plain_username"],
            password=options["sasl_plain_password"],
            ssl_context=context,
        )
    return SSLCredentials(context) if context else None
