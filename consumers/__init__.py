"""Readers of the topics: the terminal views, the live page, the archive, audits of a run."""
