"""Each command of `overcast`, one module each."""
