"""Contractors: hired hands clear yards in their households' stead, and the households watch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from oracle.giving import in_turn
from oracle.household import Household

if TYPE_CHECKING:
    from oracle.village import Village

LEAST_PACE = 0.1
"""Hours a week of a helping household, at least, when its weeks are reckoned."""


def contract(village: Village) -> None:
    """Let contractors clear cluttered yards in turn; one too large for the hours left is begun next week."""
    hours = village.now.village("contractor_time")
    if hours <= 0.0:
        village.contractor_hours = 0.0
        return
    hours += village.contractor_hours
    village.contractor_hours = 0.0
    worked = 0.0
    for household in in_turn(village, village.next_for_contractors):
        if household.clean:
            continue
        if household.clutter > hours - worked:
            village.next_for_contractors = household.number
            village.contractor_hours = hours - worked
            break
        worked += household.clutter
        clear(household)
    village.tally["contractor_seconds"] += int(3600.0 * worked)


def clear(household: Household) -> None:
    """Clear a yard; passivity moves as if others had done it in as many weeks as a helping household needs."""
    rule = household.rule
    for _ in range(math.ceil(household.clutter / max(rule.work_helping, LEAST_PACE))):
        household.passivity += rule.passivity_step * (1.0 - household.passivity)
    household.clutter = 0.0
