"""The written contract: AsyncAPI document, JSON Schemas, the page of the topics."""

from pathlib import Path

DOCS = Path("docs")
