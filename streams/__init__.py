"""The worker: wire messages, topics, settings, the pure pipeline, the Faust app and its agents."""
