"""Where to open, asked of the directory."""
