"""Which models serve, and where snapshots, contests and decisions are kept."""
