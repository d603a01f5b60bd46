"""Reading cards: from a file's bytes to rows that are sure, and rows that people are asked about."""
