"""Lists (户联系): every household is on exactly one member's list; lists are as equal as can be and near the member.

Households in order are cut into as many runs as there are members, and the k-th member takes the k-th run, so most live
in or beside their own. Nobody is in charge of the own household: it changes places with the first of the next list.
"""

from __future__ import annotations

from sim import draws
from sim.compiled import compiled
from sim.world.columns import (
    FIRST,
    FLOATING,
    I32,
    LIST,
    LIST_FIRST,
    LIST_HELPER,
    LIST_MEMBER,
    LIST_NEXT,
    LIST_SECONDS,
    LIST_STOP,
    LISTS_FIRST,
    MEMBER,
    ROLES,
    STOP,
    VISIT_SECONDS,
    State,
)  # fmt: skip
from sim.world.room import Room, uniforms


@compiled
def _change_places(own: int, run: int, members: int, listed: I32, place: I32) -> None:
    """Take a member's own household, its number within the village, off the member's run.

    listed : households of the village in list order. place : where each stands there.
    """
    n, at = listed.size, place[own]
    if members > 1 and run * n // members <= at < (run + 1) * n // members:
        other_at = (run + 1) % members * n // members
        other = listed[other_at]
        listed[at], listed[other_at] = other, own
        place[own], place[other] = other_at, at


@compiled
def cut_lists(s: State, v: int, room: Room) -> None:
    """Cut a village's lists, one for each member, and set where in its cycle of visits each member starts.

    Behind them stand those of party members without a list of their own: the k-th helps with the k-th. A helper goes
    over the same households as the member in charge, starting half a round ahead, and they stay on the member's list.
    """
    row = s.village_i64[:, v]
    first, stop, lists_first = row[FIRST], row[STOP], row[LISTS_FIRST]
    n, roles, lists = stop - first, s.u8[ROLES, first:stop], s.lists
    listed, place, u = s.listed[first:stop], room.numbers[0], room.floats[0, :n]
    uniforms((room.keys[0, draws.VISIT_PHASE], room.keys[1, draws.VISIT_PHASE]), draws.NO_SLOT, u, room)
    members = 0
    for h in range(n):
        listed[h] = h
        place[h] = h
        members += (roles[h] & MEMBER) > 0
    k = lists_first
    for h in range(n):
        if roles[h] & MEMBER:
            run = k - lists_first
            lists[LIST_MEMBER, k] = first + h
            lists[LIST_FIRST, k] = lists[LIST_NEXT, k] = first + run * n // members
            lists[LIST_STOP, k] = first + (run + 1) * n // members
            lists[LIST_SECONDS, k] = int(u[h] * row[VISIT_SECONDS])
            _change_places(h, run, members, listed, place)
            k += 1
    for own in range(lists_first, k):
        for at in range(lists[LIST_FIRST, own], lists[LIST_STOP, own]):
            s.i32[LIST, first + s.listed[at]] = own
    for h in range(n):
        listed[h] += first
        if roles[h] & FLOATING:
            helped = lists_first + (k - lists_first - members) % members
            begin, end = lists[LIST_FIRST, helped] - first, lists[LIST_STOP, helped] - first
            lists[LIST_MEMBER, k], lists[LIST_HELPER, k] = first + h, 1
            lists[LIST_FIRST, k], lists[LIST_STOP, k] = first + begin, first + end
            lists[LIST_NEXT, k] = first + (begin + end) // 2
            k += 1
