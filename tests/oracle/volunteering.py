"""Volunteering: willing households that act of their own accord join the volunteers, and leave them (P14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.callers import Volunteer
from oracle.household import Rung
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.village import Village


def join_and_leave(village: Village) -> None:
    """Let the willing join or leave; one draw a week decides either."""
    for caller in village.callers:
        if isinstance(caller, Volunteer) and caller.willing:
            if caller.joined:
                may_leave(village, caller)
            else:
                may_join(village, caller)


def may_join(village: Village, volunteer: Volunteer) -> None:
    """Let a willing household on the top rung join."""
    pace = village.public.join_rate * max(0.0, 1.0 + village.now.village("recruitment"))
    if volunteer.home.rung == Rung.INITIATED and village.luck.draw(draws.JOIN, volunteer.home.number) < pace:
        volunteer.joined = True
        village.tally["joined"] += 1


def may_leave(village: Village, volunteer: Volunteer) -> None:
    """Let a household that had joined leave: if it no longer helps, or by chance if it is tired."""
    tired = village.luck.draw(draws.JOIN, volunteer.home.number) < village.public.leave_rate * volunteer.fatigue
    if not volunteer.home.adopted or tired:
        volunteer.joined = False
        village.tally["left"] += 1
