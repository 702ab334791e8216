"""Duplicates: pairs of records that are one thing, why, and making one of two."""
