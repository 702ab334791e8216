"""Supply per head by the package `access`; run by an interpreter that has it, and imports no netmap.

Answers every instance (`NAME.npz` with rows, columns, km, supply, demand, within, bands) in the folder of the
first argument, plainly and weighed by bands, as `NAME.npy` of two rows.
"""

import logging
import sys
import warnings
from pathlib import Path

import numpy as np


def question(rows, columns, km, supply, demand):
    """Return an instance of the package, of the pairs of area (row) and service (column) with a way."""
    import pandas as pd
    from access import Access

    return Access(
        demand_df=pd.DataFrame({"area": range(len(demand)), "people": demand}),
        demand_index="area", demand_value="people",
        supply_df=pd.DataFrame({"service": range(len(supply)), "places": supply}),
        supply_index="service", supply_value="places",
        cost_df=pd.DataFrame({"area": rows, "service": columns, "km": km}),
        cost_origin="area", cost_dest="service", cost_name="km",
    )  # fmt: skip


def banded(asked, within, bands):
    """Return supply per head of each area, weighed by bands of (kilometres, weight)."""
    from access import weights

    steps = weights.step_fn({float(edge): float(weight) for edge, weight in bands})
    found = asked.enhanced_two_stage_fca(name="e", cost="km", max_cost=within, weight_fn=steps)
    return per_area(asked, found["e_places"])


def plain(asked, within):
    """Return supply per head of each area, all ways within reach alike."""
    return per_area(asked, asked.two_stage_fca(name="p", cost="km", max_cost=within)["p_places"])


def per_area(asked, found):
    return found.reindex(asked.demand_df.index).fillna(0.0).to_numpy(dtype=float)


def main():
    logging.disable()  # it tells that a column is overwritten
    warnings.filterwarnings("ignore")
    for file in sorted(Path(sys.argv[1]).glob("*.npz")):
        with np.load(file) as kept:
            asked = question(*(kept[name] for name in ("rows", "columns", "km", "supply", "demand")))
            within = float(kept["within"])
            np.save(file.with_suffix(".npy"), [plain(asked, within), banded(asked, within, kept["bands"])])


if __name__ == "__main__":
    main()
