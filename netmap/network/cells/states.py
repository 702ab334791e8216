"""In which state a cell is told: open, on one provider, missing, or not known to be either. Pure."""

from typing import Literal

from netmap.network.cells.engine import K_MIN, Cell
from netmap.network.cells.kinds import NO_PROVIDER

State = Literal["gap", "ask", "unchecked", "single", "open"]
STATES: tuple[State, ...] = ("gap", "ask", "unchecked", "single", "open")


def state_of(cell: Cell, untyped: int, fewest: int = K_MIN) -> State:
    """Return the state of a cell: what nobody checked, or has to be asked, is never told as a gap.

    ``untyped`` is how many services have no confirmed type, where they are many: any of them may offer it.
    With fewer providers than ``fewest`` help hangs on too few.
    """
    if cell.kind is None:
        return "single" if cell.providers < fewest else "open"
    if cell.ask:
        return "ask"
    return "unchecked" if untyped and cell.kind == NO_PROVIDER else "gap"
