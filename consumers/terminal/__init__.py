"""The terminal views: all matches, one match, the summary of a replay."""
