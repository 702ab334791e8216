"""The picture of the network and its gaps."""
