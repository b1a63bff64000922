"""Lists (户联系): every household is on exactly one member's list; lists are as equal as can be and near the member.

Households in order are cut into as many runs as there are members, and the k-th member takes the k-th run, so most live
in or beside their own. Nobody is in charge of the own household: it changes places with the first of the next list.
"""

from __future__ import annotations

import numpy as np

from sim.world.columns import I32, I64, LIST_FIRST, LIST_HELPER, LIST_MEMBER, LIST_NEXT, LIST_SECONDS, LIST_STOP


def cut_lists(members: I64, households: int, first: int) -> tuple[I32, I32]:
    """Return the lists, shape (6, members), and the households in list order, shape (households,).

    `members` and positions count from the village's first household; `listed` and LIST_MEMBER count from the world's,
    `first` being the village's first. LIST_FIRST, LIST_STOP and LIST_NEXT are positions in the village's `listed`.
    """
    count = members.size
    lists = np.zeros((6, count), np.int32)
    edges = (np.arange(count + 1) * households) // count
    lists[LIST_MEMBER] = members + first
    lists[LIST_FIRST] = edges[:-1]
    lists[LIST_STOP] = edges[1:]
    lists[LIST_NEXT] = edges[:-1]
    order = np.arange(households, dtype=np.int32)
    place = np.arange(households)
    for k in range(count):
        own = int(members[k])
        at = int(place[own])
        if count > 1 and edges[k] <= at < edges[k + 1]:
            swap = int(edges[(k + 1) % count])
            other = int(order[swap])
            order[at], order[swap] = other, own
            place[own], place[other] = swap, at
    return lists, order + np.int32(first)


def helped_lists(lists: I32, helpers: I64) -> I32:
    """Return the lists of party members without one of their own, shape (6, helpers): the k-th helps with the k-th.

    A helper goes over the same households as the member in charge, starting half a round ahead. Their households stay
    on the member's list: everybody is on exactly one.
    """
    helped = lists[:, np.arange(helpers.size) % lists.shape[1]].copy()
    helped[LIST_MEMBER] = helpers
    helped[LIST_NEXT] = (helped[LIST_FIRST] + helped[LIST_STOP]) // 2
    helped[LIST_SECONDS] = 0
    helped[LIST_HELPER] = 1
    return helped
