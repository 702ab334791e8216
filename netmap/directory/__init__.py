"""Who offers what, where, to whom and when."""
