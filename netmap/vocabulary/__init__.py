"""Needs, service types and circumstances; from words to codes."""
