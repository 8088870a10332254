"""Readers of the topics: the terminal watch and the summary."""
