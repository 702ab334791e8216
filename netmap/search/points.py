"""Distances on the sphere as sums over arrays: no angle is worked out before it is asked for. Pure."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.floating[Any]]
EARTH_KM = 6371.0088


def on_sphere(latitude: npt.ArrayLike, longitude: npt.ArrayLike) -> Reals:
    """Return points on the unit sphere, shape (3, n), for degrees."""
    north, east = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


def chords(places: Reals, point: tuple[float, float]) -> Reals:
    """Return the squared straight line through the unit sphere from a point to each place."""
    found: Reals = ((places - on_sphere(point[0], point[1])[:, None]) ** 2).sum(axis=0)
    return found


def kilometres(squared_chords: Reals) -> Reals:
    """Return the way over the ground for squared chords; infinite where they are.

    Examples
    --------
    >>> kilometres(chords(on_sphere([55.5, -90.0], [25.0, 0.0]), (56.5, 25.0))).round(1).tolist()
    [111.2, 16290.1]
    """
    angles = 2 * np.arcsin(np.sqrt(np.minimum(squared_chords, 4.0)) / 2)
    return np.where(np.isinf(squared_chords), np.inf, EARTH_KM * angles)


def chord_of(kilometres: float) -> float:
    """Return the squared chord of a way over the ground: what is not longer is not farther."""
    if kilometres < 0:
        return -1.0
    return float((2 * math.sin(min(kilometres / EARTH_KM, math.pi) / 2)) ** 2)


def is_point(point: tuple[float, float] | None) -> bool:
    """Return whether both degrees are numbers."""
    return point is not None and all(map(math.isfinite, point))
