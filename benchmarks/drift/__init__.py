"""What drift handling is worth: planted changes over made-up seasons, and the real one of 2023."""
