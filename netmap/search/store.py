"""Arrays in one file, mapped into memory when they are read: all processes share the same pages."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

ALIGNED = 64  # bytes at which every array begins

Arrays = Mapping[str, npt.NDArray[np.generic]]


def write(path: Path, arrays: Arrays) -> None:
    """Write arrays into a file of their own."""
    contents, first = {}, 0
    for name, array in arrays.items():
        contents[name] = array.dtype.str, array.shape, first
        first += _aligned(array.nbytes)
    header = json.dumps(contents).encode("ascii")
    with path.open("wb") as file:
        file.write(len(header).to_bytes(8, "little"))
        file.write(header.ljust(_aligned(len(header) + 8) - 8))
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(bytes(_aligned(array.nbytes) - array.nbytes))


def read(path: Path) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays of a file, read-only; a page of it is fetched when it is first looked at."""
    whole = np.memmap(path, dtype=np.uint8, mode="r")
    length = int.from_bytes(whole[:8].tobytes(), "little")
    contents = json.loads(whole[8 : 8 + length].tobytes())
    first = _aligned(length + 8)
    return {
        name: np.ndarray(shape, dtype=dtype, buffer=whole.data, offset=first + offset)
        for name, (dtype, shape, offset) in contents.items()
    }


def _aligned(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED
