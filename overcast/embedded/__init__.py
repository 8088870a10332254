"""A real Apache Kafka and a real Redis as private child processes."""
