"""From a match to its forecasts, questions and labels, with one model."""
