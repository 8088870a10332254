"""How a model learns: from labels as they come, and from recorded matches."""
