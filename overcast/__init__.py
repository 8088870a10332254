"""The `overcast` command and the embedded servers it can start."""
