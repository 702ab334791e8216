"""Directories that are fetched by themselves, from a folder or an address: off until somebody allows it."""
