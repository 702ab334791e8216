"""Gaps: cells put together, weighed by people, kept, listed and taken up."""
