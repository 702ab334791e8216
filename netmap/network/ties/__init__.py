"""What organizations have with each other, and what follows for the network."""
