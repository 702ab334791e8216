"""Bringing data in as a person does it: upload, columns, check, apply, undo."""
