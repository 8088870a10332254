"""The contest: River models, delayed labels, scores, snapshots. No Kafka, no Redis."""
