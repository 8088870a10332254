"""The live page: a fold over the topics, pushed to browsers as it changes."""
