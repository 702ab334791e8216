"""How areas stand beside each other, how the network has grown, what staff can do."""
