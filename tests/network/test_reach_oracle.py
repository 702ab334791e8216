"""Supply per head against the package `access`, on random instances."""

import numpy as np
import pytest

from netmap.network.reach import two_step

BANDS = ((10.0, 1.0), (20.0, 0.68), (30.0, 0.22))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(10))
def test_both_ratios_are_those_of_the_peer(seed: int) -> None:
    access = pytest.importorskip("access", reason="the package `access` is no part of netmap")
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(seed)
    areas, services = rng.integers(5, 40), rng.integers(5, 80)
    km = rng.uniform(0, 45, (areas, services)).round(1)
    supply, demand = rng.integers(1, 50, services), rng.integers(1, 400, areas)
    rows, columns = np.nonzero(km <= 45)
    asked = access.Access(
        demand_df=pd.DataFrame({"area": range(areas), "people": demand}),
        demand_index="area", demand_value="people",
        supply_df=pd.DataFrame({"service": range(services), "places": supply}),
        supply_index="service", supply_value="places",
        cost_df=pd.DataFrame({"area": rows, "service": columns, "km": km[rows, columns]}),
        cost_origin="area", cost_dest="service", cost_name="km",
    )  # fmt: skip
    plain = asked.two_stage_fca(name="plain", cost="km", max_cost=30)
    steps = access.weights.step_fn(dict(BANDS))
    banded = asked.enhanced_two_stage_fca(name="banded", cost="km", max_cost=30, weight_fn=steps)
    for bands, found in ((None, plain["plain_places"]), (BANDS, banded["banded_places"])):
        expected = found.reindex(range(areas)).fillna(0.0).to_numpy()
        assert two_step(km, supply, demand, 30, bands).access == pytest.approx(expected, abs=1e-9)
