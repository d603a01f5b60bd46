"""Accountability: from a clue to a consequence fixed by a published rule, decided by whoever has the power to."""
