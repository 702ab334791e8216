"""What providers do themselves, without an account: see, confirm, attest and correct their records."""
