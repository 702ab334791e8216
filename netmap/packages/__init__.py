"""What belongs together for an ideal-typical client."""
