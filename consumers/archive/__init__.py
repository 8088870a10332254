"""Predictions, labels and metrics kept as Parquet files."""
