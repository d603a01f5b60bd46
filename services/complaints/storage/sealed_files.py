"""Attachments lie on their shelf sealed as `carriage.sealed_files` says, under the key of their complaint's files."""

from __future__ import annotations

from carriage.sealed_files import SealedWriter, opened, reader

__all__ = ["SealedWriter", "opened", "reader"]
