"""How many of how many, and how far chance may have carried that share. Pure."""

from dataclasses import dataclass

Z = 1.96  # of 95 per cent


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with the 95 per cent interval of the share."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share itself; 0 where there is nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Return the interval in which the share lies with 95 per cent.

        References
        ----------
        Wilson 1927, doi:10.1080/01621459.1927.10502953.

        Examples
        --------
        >>> [round(end, 3) for end in Share(30, 40).interval]
        [0.598, 0.858]
        """
        if not self.whole:
            return 0.0, 1.0
        square = Z * Z / self.whole
        middle = (self.value + square / 2) / (1 + square)
        half = (
            Z * (self.value * (1 - self.value) / self.whole + square / self.whole / 4) ** 0.5 / (1 + square)
        )
        return max(0.0, middle - half), min(1.0, middle + half)

    def apart_from(self, other: "Share") -> bool:
        """Return whether the intervals do not meet, so that chance alone explains the difference badly."""
        low, high = self.interval
        other_low, other_high = other.interval
        return high < other_low or other_high < low
