"""Roll-out: which villages take up the levers that it spreads, by plan or by copying what they see succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.model import Town
    from oracle.village import Village

STEPS = 2**40
"""Shares are added up in whole parts of this, so that the order of villages makes no difference."""


def plan(town: Town) -> None:
    """Give each village that the roll-out reaches the week in which it begins, if it has one.

    Named pilots come first, then the others by their draw; each wave takes the next of them.
    """
    programme = town.programme
    if programme.rollout is None:
        return
    reached = [village for village in town.villages if programme.reaches(programme.rollout, village)]
    pilots = [village for name in programme.rollout.pilots() for village in reached if village.name == name]
    others = [village for village in reached if village not in pilots]
    others.sort(key=lambda village: programme.lot(programme.rollout, village))
    queue = iter(dict.fromkeys(pilots + others))
    for village in reached:
        village.may_begin = True
    for week, size in programme.rollout.waves():
        for _, village in zip(range(size), queue, strict=False):
            village.planned = week


def spread(town: Town, week: int) -> None:
    """Let villages begin this week, and share out the organisers' attention among the new ones."""
    rollout = town.programme.rollout
    if rollout is None or not any(rollout.spreads_to(lever.name) for lever in town.programme.levers):
        return
    pace, least_lead, at_once, support = rollout.spreads()
    ahead = [village for village in town.villages if past_support(village, week, support)]
    seen = sum(int(town.shares[village] * STEPS) for village in ahead)
    for village in town.villages:
        if village.started is None and village.may_begin:
            lead = seen / (len(ahead) * STEPS) - town.shares[village] if ahead else 0.0
            if village.planned == week or (lead > least_lead and copies(village, pace * lead)):
                village.started = week
    new = [village for village in town.villages if village.started is not None and week - village.started < support]
    for village in town.villages:
        village.attention = at_once / len(new) if village in new and 0 < at_once < len(new) else 1.0


def past_support(village: Village, week: int, support: float) -> bool:
    """Return whether a village has begun and no longer needs the organisers by its side."""
    return village.started is not None and week - village.started >= support


def copies(village: Village, probability: float) -> bool:
    """Draw whether a village takes up what it sees."""
    return village.luck.draw(draws.COPY) < probability
