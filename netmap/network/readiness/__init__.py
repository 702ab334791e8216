"""Which packages could begin today, area by area."""
