"""The written contract: AsyncAPI document, JSON Schemas, the page of the topics."""
