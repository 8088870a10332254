"""The seam: wire messages, topics, settings, the pure pipeline, the Faust app and its agents."""
