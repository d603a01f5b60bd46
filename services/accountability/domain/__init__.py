"""What accountability says is allowed: cases from clue to archive, rule versions, decisions, appeals and effects."""
