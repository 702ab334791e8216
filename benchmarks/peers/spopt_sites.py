"""spopt's answers about sites, run by an interpreter that has spopt, PuLP and highspy; imports no netmap.

Reads `instance.npz` (cost, demand, within) from the folder of the first argument and one question a line
from standard input, `{"model", "p", "solver"}`; writes `{"objective", "sites", "seconds"}` a line. The
seconds of processor are those of building and solving the model, without imports.
"""

import json
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pulp
from spopt.locate import LSCP, MCLP, PCenter, PMedian

warnings.filterwarnings("ignore")


def model(asked, cost, demand, within):
    if asked["model"] == "set":
        return LSCP.from_cost_matrix(cost, within)
    if asked["model"] == "cover":
        return MCLP.from_cost_matrix(cost, demand, within, p_facilities=asked["p"])
    if asked["model"] == "median":
        return PMedian.from_cost_matrix(cost, demand, p_facilities=asked["p"])
    return PCenter.from_cost_matrix(cost, p_facilities=asked["p"])


def solver(name):
    return pulp.HiGHS(msg=False) if name == "HiGHS" else pulp.PULP_CBC_CMD(msg=False)


def processor():
    return sum(os.times()[:4])  # with those of programs that were started, as CBC is


def answer(asked, cost, demand, within):
    start = processor()
    solved = model(asked, cost, demand, within).solve(solver(asked["solver"]), results=False)
    seconds = processor() - start
    sites = [number for number, chosen in enumerate(solved.fac_vars) if pulp.value(chosen) > 0.5]
    return {"objective": float(pulp.value(solved.problem.objective)), "sites": sites, "seconds": seconds}


def main():
    with np.load(Path(sys.argv[1]) / "instance.npz") as instance:
        cost, demand, within = instance["cost"], instance["demand"], float(instance["within"])
    print(json.dumps({"spopt": __import__("spopt").__version__, "pulp": pulp.__version__}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), cost, demand, within)), flush=True)


if __name__ == "__main__":
    main()
