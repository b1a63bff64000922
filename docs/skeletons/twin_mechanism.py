"""Loudspeaker: the village's loudspeaker speaks of the yard, and what a household has heard moves it for some weeks.

The twin's part of docs/skeletons/mechanism.py, written from its description and not from its code: it goes to
tests/oracle/loudspeaker.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.household import Household
    from oracle.village import Village


def announce(village: Village) -> None:
    """Let the loudspeaker speak for as many hours as interventions give it."""
    share = min(1.0, 0.1 * village.now.village("loudspeaker"))
    for household in village.households_by_number:
        household.heard *= 0.5
        if village.luck.draw(draws.HEARING, household.number) < share:
            household.heard = 1.0
            village.tally["hearers"] += 1


def words(household: Household) -> float:
    """Return what the household has heard, in logit."""
    return 1.5 * household.heard
