"""Mesa with each household's neighbours looked up once and kept; otherwise like the idiomatic model."""

from __future__ import annotations

from collections.abc import Sequence

from ..problem import Problem
from . import mesa_idiomatic


class Household(mesa_idiomatic.Household):
    """A household that keeps a list of its neighbours."""

    neighbours: Sequence[Household] = ()  # in place of the property


class ThresholdModel(mesa_idiomatic.ThresholdModel):
    """The shared model."""

    household = Household

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        for household in self.households:
            household.neighbours = list(household.cell.neighborhood.agents)
