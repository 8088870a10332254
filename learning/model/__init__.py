"""The parts of a model: its snapshot, linear models, correction, scores and engine."""
