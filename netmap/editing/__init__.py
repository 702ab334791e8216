"""Changing records of the directory by hand: forms as flat fields, history, undo, drafts."""
