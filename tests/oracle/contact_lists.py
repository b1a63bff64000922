"""Lists (户联系): every household is on exactly one member's list, and members visit by list."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oracle.household import Household
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.village import Village


@dataclass
class ContactList:
    """Whom someone visits.

    visitor : the member in charge, or a party member without a list who helps. households : in the order of visits.
    next : the place on the list where the sweep goes on. seconds : time carried over.
    """

    number: int
    visitor: Household
    households: list[Household]
    next: int = 0
    seconds: int = 0
    is_help: bool = False


def cut_lists(village: Village) -> None:
    """Cut the households into as many runs as there are members, as equal as can be; then add the helpers' lists."""
    everyone = village.households_by_number
    members = [household for household in everyone if household.member]
    edges = [k * len(everyone) // len(members) for k in range(len(members) + 1)]
    order = list(everyone)
    move_members_off_their_own(order, members, edges)
    for k, member in enumerate(members):
        village.lists.append(ContactList(k, member, order[edges[k] : edges[k + 1]]))
        village.lists[k].seconds = start_in_cycle(village, member)
    village.list_of = {household: mine for mine in village.lists for household in mine.households}
    helpers = (household for household in everyone if household.floating)
    for k, helper in enumerate(helpers):
        village.lists.append(
            helped(village.lists[k % len(members)], len(village.lists), edges[k % len(members)], helper)
        )


def move_members_off_their_own(order: list[Household], members: list[Household], edges: list[int]) -> None:
    """Let each member who is on the own list change places with whoever stands first on the next; a single one stays."""
    place = {household: at for at, household in enumerate(order)}
    for k, member in enumerate(members):
        at = place[member]
        if len(members) == 1 or not edges[k] <= at < edges[k + 1]:
            continue
        there = edges[(k + 1) % len(members)]
        order[at], order[there] = order[there], order[at]
        place[order[at]], place[order[there]] = at, there


def start_in_cycle(village: Village, member: Household) -> int:
    """Return the seconds that a member has in hand at the start: a drawn part of a visit."""
    return math.floor(village.luck.once(draws.VISIT_PHASE, member.number) * village.visit_seconds)


def helped(mine: ContactList, number: int, first: int, helper: Household) -> ContactList:
    """Return the list of a helper, who starts half a round ahead; `first` is where the list begins among the households."""
    half = (first + first + len(mine.households)) // 2 - first
    return ContactList(number, helper, mine.households, next=half, is_help=True)
