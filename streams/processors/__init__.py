"""The work of one partition: read what a batch needs, compute, send, write."""
