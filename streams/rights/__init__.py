"""Who may do what: roles as data, and their rights in Kafka."""

NAMES = ("feed", "worker", "viewer", "operator", "auditor", "administrator")
