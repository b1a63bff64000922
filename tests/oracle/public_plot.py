"""Public plots: black spots, idle land, building sites and amenities, each with the yards that it is nearest to."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from mesa.discrete_space import FixedAgent

if TYPE_CHECKING:
    from oracle.household import Household
    from oracle.village import Village


class Kind(IntEnum):
    """What a public plot is."""

    BLACK_SPOT = 0
    IDLE = 1
    AMENITY = 2
    WORKS = 3


class PublicPlot(FixedAgent):
    """A public plot on one cell of its village's grid."""

    def __init__(self, village: Village, number: int) -> None:
        super().__init__(village.model)
        self.village = village
        self.number = number
        self.kind = Kind.BLACK_SPOT
        self.cleanliness = 0.0
        self.yards: list[Household] = []
        self.weeks_left = 0
        self.open = {"small": 0, "large": 0}
        self.settled_large = 0
        self.trust_lost = 0.0

    @property
    def is_neglected(self) -> bool:
        """Whether it is neither an amenity nor a building site."""
        return self.kind in (Kind.BLACK_SPOT, Kind.IDLE)

    def cluttered_yards(self) -> int:
        """Return how many of its yards are cluttered."""
        return sum(not household.clean for household in self.yards)
