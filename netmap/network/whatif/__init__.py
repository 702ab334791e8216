"""What if: scenarios, what they would change, and what comes of it in words."""
