"""Kafka clients and topics; nothing here knows cricket."""
