"""How many clients there are, and where each figure comes from."""
