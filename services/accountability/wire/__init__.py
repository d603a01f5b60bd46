"""Protobuf to domain and back, by noun. No decisions: what may be seen is settled before a value comes here."""

from services.accountability.wire.facts import encode_fact

__all__ = ["encode_fact"]
