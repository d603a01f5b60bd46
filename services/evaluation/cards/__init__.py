"""Cards on paper: their geometry, their serials, their design and their reading."""
