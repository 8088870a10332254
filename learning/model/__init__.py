"""What a model consists of: its numbers at rest, its linear models, scores and engine."""
