"""Checks of a finished run, asked of the log: completeness, latency, the group's progress."""
