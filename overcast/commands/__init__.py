"""The commands of `overcast`, a module each."""
