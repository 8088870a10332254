"""The dozen matches that ship with Overcast, as its own events. See ATTRIBUTION.md."""
