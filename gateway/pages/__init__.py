"""The pages people see: one frame, a folder for each family of pages, one stylesheet."""
