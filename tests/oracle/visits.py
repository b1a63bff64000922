"""Visits: members, and who helps them, call on the households of their lists as far as their time goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.contact_lists import ContactList
from oracle.household import Household
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.village import Village


def visit_households(village: Village, week: int) -> None:
    """Let everyone with a list make the week's visits, list by list."""
    for mine in village.lists:
        visits = affordable_visits(village, mine)
        if visits:
            make_visits(village, mine, visits, week)


def week_seconds(village: Village, mine: ContactList) -> int:
    """Return the seconds that a visitor has this week; what other tasks take is counted as lost."""
    now, choices = village.now, mine.visitor.choices
    routine = village.routine_seconds * (max(0.0, now.person("list_time", choices)) if mine.is_help else 1)
    more = now.person("contact_time", choices)
    # Who is tired gives less of the extra time that is asked for, and isn't spared what other duties take.
    seconds = int(routine * max(0.0, 1.0 + (village.effort * more if more > 0.0 else more)))
    if now.village("other_tasks") == 0.0:
        return seconds
    left = int(seconds * max(0.0, 1.0 - now.village("other_tasks")))
    village.tally["contact_seconds_lost"] += max(0, seconds - left)
    return left


def affordable_visits(village: Village, mine: ContactList) -> int:
    """Return the visits that the time in hand is enough for, once round the list at most; carry the rest over.

    Who can see the whole list keeps the time of one visit at most, and the rest is lost.
    """
    in_hand = mine.seconds + week_seconds(village, mine)
    visits = min(in_hand // village.visit_seconds, len(mine.households))
    in_hand -= visits * village.visit_seconds
    lost = max(0, in_hand - village.visit_seconds)
    mine.seconds = in_hand - lost
    village.tally["contact_seconds"] += visits * village.visit_seconds
    village.tally["contact_seconds_lost"] += lost
    return visits


def make_visits(village: Village, mine: ContactList, visits: int, week: int) -> None:
    """Visit so many households of a list."""
    sweeps = is_sweeper(village, mine)
    for done in range(visits):
        household = next_of(mine) if sweeps else least_willing(mine, week)
        if household is None:  # a helper and the member have between them seen everybody this week
            idle = (visits - done) * village.visit_seconds
            village.tally["contact_seconds"] -= idle
            village.tally["contact_seconds_lost"] += idle
            return
        visit(village, mine.visitor, household, week)


def is_sweeper(village: Village, mine: ContactList) -> bool:
    """Return whether a visitor goes round the list; who sees the unwilling first is drawn once and for all."""
    share = village.now.person("unwilling_first", mine.visitor.choices)
    return share <= 0.0 or village.luck.once(draws.UNWILLING_FIRST, mine.visitor.number) >= share


def next_of(mine: ContactList) -> Household:
    """Return the next household of the sweep."""
    household = mine.households[mine.next]
    mine.next = (mine.next + 1) % len(mine.households)
    return household


def least_willing(mine: ContactList, week: int) -> Household | None:
    """Return who stands lowest, of those who has waited longest, of those the first on the list; None if all were seen."""
    waiting = [household for household in mine.households if household.last_visit != week]
    return min(
        waiting,
        key=lambda household: (household.rung, -1 if household.last_visit is None else household.last_visit),
        default=None,
    )


def visit(village: Village, visitor: Household, household: Household, week: int) -> None:
    """Call on a household, and speak of the yard if the visit does."""
    household.last_visit = week
    household.reached = True
    village.tally["visits"] += 1
    if household is visitor or not speaks(village, visitor, household):
        return
    weight = 1.0 + village.now.person("skill", visitor.choices)
    household.hear("member", weight, visitor.party_years, visitor.clean, week, then_judge=True)
    village.tally["messages"] += 1


def speaks(village: Village, visitor: Household, household: Household) -> bool:
    """Draw whether a visit speaks of the yard."""
    asked = min(1.0, village.effort) * village.now.person("message", visitor.choices)
    unafraid = 1.0 - village.facts.contact.fear * max(0.0, 1.0 - village.now.village("courage"))
    message = (village.facts.contact.message + asked) * unafraid
    return message > 0.0 and village.luck.draw(draws.MESSAGE, household.number) < message
