"""Feeds: the replay of recorded matches and the simulator."""
