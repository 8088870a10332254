"""The pure pipeline: events or labels in, effects out. No Kafka, no Redis, no Faust."""
