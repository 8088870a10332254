"""The messages that lie in Kafka, as typed structs. Pure: no client is imported."""
