"""Where to open: the best sites by four measures, exact, and what stands beside the best."""

from netmap.network.siting.exact import Siting, max_cover, p_center, p_median, set_cover

__all__ = ["Siting", "max_cover", "p_center", "p_median", "set_cover"]
