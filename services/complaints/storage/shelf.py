"""Where this service's files are kept, and what they are called there."""

from __future__ import annotations

from carriage.shelving import answering, shelf_of

__all__ = ["COPY", "answering", "shelf_of"]

COPY = ".copy"
"""The ending of a travelling copy's name on the shelf; its original has the same name without it."""
