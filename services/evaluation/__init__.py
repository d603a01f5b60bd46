"""Evaluation: campaigns in which raters judge units by ballot, counted exactly and provably."""
