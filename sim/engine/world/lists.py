"""Lists (户联系): every household is on exactly one member's list; lists are as equal as can be and near the member.

Households in order are cut into as many runs as there are members, and the k-th member takes the k-th run, so most live
in or beside their own. Nobody is in charge of the own household: it changes places with the first of the next list.
"""

from __future__ import annotations

from sim.base.arrays import F64, I32, U8
from sim.compiler.compiled import compiled
from sim.engine.world import luck as channels
from sim.engine.world.columns import (  # fmt: skip
    FIRST,
    FLOATING,
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
)
from sim.engine.world.luck import uniforms
from sim.engine.world.workbench import Workbench
from sim.numerics import draws


@compiled
def _cut(
    roles: U8, u: F64, visit_seconds: int, first: int, lists_first: int, lists: I32, listed: I32, place: I32
) -> int:  # fmt: skip
    """Write the members' lists, and return how many they are.

    u : where each household starts in its cycle if it is a member's. listed : households, as numbers within the village, in
    list order. place : where each stands there.
    """
    n, members = roles.size, 0
    for h in range(n):
        listed[h] = place[h] = h
        members += (roles[h] & MEMBER) > 0
    begin = run = 0
    for h in range(n):
        if roles[h] & MEMBER:
            k = lists_first + run
            run += 1
            end = run * n // members
            lists[LIST_MEMBER, k] = first + h
            lists[LIST_FIRST, k] = lists[LIST_NEXT, k] = first + begin
            lists[LIST_STOP, k] = first + end
            lists[LIST_SECONDS, k] = int(u[h] * visit_seconds)
            at = place[h]
            if members > 1 and begin <= at < end:  # the own household changes places with the next list's first
                other_at = end if run < members else 0
                other = listed[other_at]
                listed[at], listed[other_at] = other, h
                place[h], place[other] = other_at, at
            begin = end
    return members


@compiled
def _assign(first: int, lists_first: int, members: int, lists: I32, listed: I32, list_of: I32) -> None:
    """Tell households on whose list they are, and number them in list order as the world does."""
    for own in range(lists_first, lists_first + members):
        for at in range(lists[LIST_FIRST, own] - first, lists[LIST_STOP, own] - first):
            list_of[listed[at]] = own
            listed[at] += first


@compiled
def _help(roles: U8, first: int, lists_first: int, members: int, lists: I32) -> None:
    """Write the helpers behind the members."""
    helpers = 0
    for h in range(roles.size):
        if roles[h] & FLOATING:
            k, helped = lists_first + members + helpers, lists_first + helpers % members
            begin, end = lists[LIST_FIRST, helped], lists[LIST_STOP, helped]
            lists[LIST_MEMBER, k], lists[LIST_HELPER, k] = first + h, 1
            lists[LIST_FIRST, k], lists[LIST_STOP, k] = begin, end
            lists[LIST_NEXT, k] = begin + ((end - begin) >> 1)
            helpers += 1


@compiled
def cut_lists(s: State, v: int, bench: Workbench) -> None:
    """Cut village v's lists, one for each member, and set where in its cycle of visits each member starts.

    Behind them stand those of party members without a list of their own: the k-th helps with the k-th. A helper goes
    over the same households as the member in charge, starting half a round ahead, and they stay on the member's list.
    """
    first, stop = s.village_i64[FIRST, v], s.village_i64[STOP, v]
    lists, listed, lists_first = s.lists, s.listed[first:stop], s.village_i64[LISTS_FIRST, v]
    roles, u = s.u8[ROLES, first:stop], bench.floats[0, : stop - first]
    uniforms(bench.luck, channels.VISIT_PHASE, draws.NO_SLOT, u)
    members = _cut(roles, u, s.village_i64[VISIT_SECONDS, v], first, lists_first, lists, listed, bench.numbers)
    _assign(first, lists_first, members, lists, listed, s.i32[LIST, first:stop])
    _help(roles, first, lists_first, members, lists)
