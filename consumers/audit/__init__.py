"""Checks of a run, made from the log: completeness, latency, the workers' progress."""
