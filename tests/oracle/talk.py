"""Talk: households on the top rung speak of the yard to who they know and to who lives in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.grid import who_is_at
from oracle.household import Household, Rung
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.village import Village


def talk(village: Village, week: int) -> None:
    """Let self-initiated households, in order of number, talk with one household each at most."""
    for speaker in village.households.select(lambda household: household.rung == Rung.INITIATED):
        listener = partner(village, speaker)
        if listener is not None and listener.rung < Rung.INITIATED:
            listener.hear("talk", village.rule.talk_weight, speaker.party_years, speaker.clean, week)
            village.tally["talks"] += 1


def partner(village: Village, speaker: Household) -> Household | None:
    """Return whom a household talks with this week, if anybody.

    One draw decides: below the probability it is uniform below it, and so also picks one of the ties and the plots in sight.
    """
    u = village.luck.draw(draws.TALK, speaker.number)
    if u >= village.rule.talk:
        return None
    ties = speaker.kin()
    side = 2 * village.facts.plan.sight + 1
    pick = int(u / village.rule.talk * (len(ties) + side * side - 1))
    return ties[pick] if pick < len(ties) else who_lives_in_sight(village, speaker, pick - len(ties))


def who_lives_in_sight(village: Village, speaker: Household, number: int) -> Household | None:
    """Return who lives on the plot of that number in sight, counted row by row without the own; None if nobody does."""
    sight = village.facts.plan.sight
    side = 2 * sight + 1
    if number >= side * side // 2:
        number += 1
    row, column = speaker.cell.coordinate
    found = who_is_at(village, (row + number // side - sight, column + number % side - sight))
    return found if isinstance(found, Household) else None
