"""The Faust agents: decode, fetch, call the pipeline, send."""
