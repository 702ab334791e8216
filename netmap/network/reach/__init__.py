"""Reach and capacity: who can get to how much help, and what no sharing out can serve."""

from netmap.network.reach.enough import TwoStep, UnmetFlow, two_step, unmet_flow

__all__ = ["TwoStep", "UnmetFlow", "two_step", "unmet_flow"]
