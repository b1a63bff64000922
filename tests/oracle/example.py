"""Example: households that a lever binds to keep their own yard clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.household import Household
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.village import Village


def set_example(village: Village) -> None:
    """Mark who is bound this week; growing strength adds households and takes none away, since each is drawn once."""
    for household in village.households_by_number:
        household.exemplar = is_bound(household)


def is_bound(household: Household) -> bool:
    """Return whether levers bind a household this week."""
    village = household.village
    share = village.now.person("example", household.choices)
    return share > 0.0 and village.luck.once(draws.EXAMPLE, household.number) < share
