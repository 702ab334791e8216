"""Keeping the directory true: who must be rung first, what was found, and how true it all is."""
