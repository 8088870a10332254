"""The model's inputs: their catalogue, what history adds to them, and the online store."""
