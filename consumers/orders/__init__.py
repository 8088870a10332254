"""Orders of operators: given on the log, and what they led to."""
