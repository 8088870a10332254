"""A new version beside the live one: it makes every prediction of the log again, and compares."""
