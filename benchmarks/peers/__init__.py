"""Search engines beside netmap's own, each asked the same boolean question over the same analysed words."""
