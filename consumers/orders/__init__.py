"""Orders of operators to the learner, and its answers."""
