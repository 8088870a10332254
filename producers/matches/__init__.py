"""The matches that ship with Overcast, as its own events: a dozen, and a season beside them.

See ATTRIBUTION.md.
"""
