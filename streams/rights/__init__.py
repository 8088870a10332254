"""Who may do what: roles as data, and their rights in Kafka."""
