"""Protobuf and domain, both ways; nothing is decided here."""
