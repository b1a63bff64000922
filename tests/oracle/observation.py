"""Observation: what is counted in a week, and how sums are taken.

Whatever happens is counted in whole numbers (households, seconds, fen). Means of trust, persuasion, clutter and passivity
are sums of floats, taken in the one order that the ODD document names, so that they too agree to the last bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oracle.household import Household
    from oracle.village import Village

BLOCK = 512
"""Households whose values are added up together."""


def sum_by_blocks(values: Sequence[float]) -> float:
    """Return the sum: block by block, in each block four partial sums of every fourth value."""
    total = 0.0
    for first in range(0, len(values), BLOCK):
        total += sum_of_block(values[first : first + BLOCK])
    return total


def sum_of_block(values: Sequence[float]) -> float:
    """Return (a + b) + (c + d), where a, b, c and d add every fourth value; a also takes the one to three left over."""
    parts = [0.0] * 4
    whole = len(values) - len(values) % 4
    for k, value in enumerate(values):
        parts[k % 4 if k < whole else 0] += value
    return (parts[0] + parts[1]) + (parts[2] + parts[3])


def in_order(values: Iterable[float]) -> float:
    """Return the plain sum, one after the other (Python's own `sum` corrects for rounding from 3.12 on)."""
    total = 0.0
    for value in values:
        total += value
    return total


def pairwise_sum(values: Sequence[float]) -> float:
    """Return the sum as NumPy takes it: halves of long series apart, eight partial sums for up to 128 values."""
    n = len(values)
    if n < 8:
        return in_order(values)
    if n > 128:
        half = n // 2 - n // 2 % 8
        return pairwise_sum(values[:half]) + pairwise_sum(values[half:])
    parts = list(values[:8])
    whole = n - n % 8
    for k in range(8, whole):
        parts[k % 8] += values[k]
    total = ((parts[0] + parts[1]) + (parts[2] + parts[3])) + ((parts[4] + parts[5]) + (parts[6] + parts[7]))
    for value in values[whole:]:
        total += value
    return total


def observe(village: Village) -> None:
    """Write the week's tally of a village; persuasion is told before the week's forgetting."""
    tally, everyone = village.tally, village.households_by_number
    for name in ("trust", "persuasion", "clutter", "passivity"):
        village.sums[name] = sum_by_blocks([getattr(household, name) for household in everyone])
    village.sums["public_cleanliness"] = in_order(plot.cleanliness for plot in village.public_plots)
    village.sums["recognised_giving"] = village.recognised
    village.sums["effort"] = village.effort
    tally["reached"] = sum(household.reached for household in everyone)
    for size in ("small", "large"):
        tally[f"{size}_open"] = sum(plot.open[size] for plot in village.public_plots)
    village.visits_so_far += tally["visits"]
    village.cells = Counter(cell(household) for household in everyone)


def cell(household: Household) -> tuple[bool, bool, int, bool]:
    """Return what the tables tell households apart by: newcomer, member, rung, clean yard."""
    return household.newcomer, household.member, int(household.rung), household.clean
