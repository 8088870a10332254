"""Errors that Kafka clients report, counted by client."""

from prometheus_client import Counter

CLIENTS = ("consumer", "producer", "models feed", "following", "lag", "archive")
KAFKA_ERRORS = Counter("overcast_kafka_errors", "Errors that a Kafka client reported", ["client"])
for _client in CLIENTS:  # a series that begins with its first error is not seen to rise
    KAFKA_ERRORS.labels(_client)
