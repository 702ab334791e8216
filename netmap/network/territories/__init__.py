"""What each territory has of what complete help needs."""
