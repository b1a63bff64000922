"""Luck: a draw is a pure function of who draws, when and what for; nothing advances and nothing is stored.

The generator is the engine's (`sim.numerics.draws`); this file only asks it for one draw at a time.
"""

from __future__ import annotations

import numba
from numpy import uint32

from sim.numerics import draws


@numba.njit
def _key(first: int, second: int, week: int, channel: int) -> tuple[int, int]:
    return draws.phase_key(uint32(first), uint32(second), week, channel)


@numba.njit
def _uniform(first: int, second: int, household: int, slot: int) -> float:
    return draws.uniform((uint32(first), uint32(second)), household, slot)


class Luck:
    """All draws of one village, by channel (a number for each kind of decision), household and slot."""

    def __init__(self, seed: int, replicate: int, village: str) -> None:
        self.key = tuple(int(word) for word in draws.village_key(seed, replicate, village))
        self._week = 0
        self._this_week: dict[int, tuple[int, int]] = {}
        self._for_good: dict[int, tuple[int, int]] = {}

    def begin_week(self, week: int) -> None:
        """Turn to the draws of a week."""
        self._week = week
        self._this_week = {}

    def draw(self, channel: int, household: int = 0, slot: int = 0) -> float:
        """Return this week's uniform in [0, 1) for a household (its number in the village)."""
        if channel not in self._this_week:
            self._this_week[channel] = _key(*self.key, self._week, channel)
        return _uniform(*self._this_week[channel], household, slot)

    def once(self, channel: int, household: int = 0, slot: int = 0) -> float:
        """Return the uniform that builds the world or lasts for the whole run."""
        if channel not in self._for_good:
            self._for_good[channel] = _key(*self.key, draws.BUILDING, channel)
        return _uniform(*self._for_good[channel], household, slot)
