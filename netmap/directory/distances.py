"""Kilometres between two points. Pure."""

import math

EARTH_KM = 6371.0088


def straight_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the great-circle distance between two (latitude, longitude) points in degrees.

    Examples
    --------
    >>> round(straight_km((55.0, 25.0), (56.0, 25.0)), 1)
    111.2
    """
    lat1, lon1, lat2, lon2 = map(math.radians, (*here, *there))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
