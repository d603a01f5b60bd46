"""Official documents and spreadsheets. No business noun: forms, layouts and safe reading only."""
