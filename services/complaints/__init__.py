"""Complaints: from what a citizen raises to the conclusion the office confirms, and what became of it."""
