"""Orders of operators: given on the log, and what they led to."""

WAIT_SECONDS = 30.0  # a learner answers within a second, unless it has labels to catch up with
