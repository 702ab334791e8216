"""The network as it is drawn: layers, matrix, map, and one answer over all ties."""
