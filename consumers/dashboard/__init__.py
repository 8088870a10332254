"""The live page: its server, which pushes to browsers what changes in the content."""
