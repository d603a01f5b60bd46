"""The directory on paper: the form of each sheet, and the plan of what a workbook would change."""
