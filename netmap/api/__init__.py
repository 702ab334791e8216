"""JSON: one file per room."""
