"""Names of classes as fields and as reasons write them."""

from __future__ import annotations


def snake(name: str) -> str:
    """`TreeHead` as `tree_head`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def shout(name: str) -> str:
    """`TreeHead` as `TREE_HEAD`."""
    return snake(name).upper()
