"""What the model sees: the catalogue, live features, history and the online store."""
