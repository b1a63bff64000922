"""Ties of kin and chat groups: a sparse undirected graph in each village, homophilous between locals and newcomers.

Every household proposes a few ties to households drawn at random; one across the divide holds with a given
probability. Draws are keyed by the proposer and the number of its proposal.
"""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled, entry
from sim.world.columns import I32, NEWCOMER, U8
from sim.world.people import uniform_of_each


def propose(k0: np.uint32, k1: np.uint32, roles: U8, local: int, newcomer: int, across: float) -> I32:
    """Return the proposals that hold as pairs, shape (2, proposals): numbers within the village, proposer first.

    `roles` has the village's households.
    """
    n = roles.size
    newcomers = (roles & NEWCOMER) > 0
    to, holds = np.empty((2, n))
    pairs = []
    for slot in range(max(local, newcomer)):
        uniform_of_each(k0, k1, draws.TIE, 2 * slot, to)
        uniform_of_each(k0, k1, draws.TIE, 2 * slot + 1, holds)
        partner = (to * n).astype(np.int32)
        proposes = np.where(newcomers, slot < newcomer, slot < local) & (partner != np.arange(n))
        kept = np.flatnonzero(proposes & ((newcomers == newcomers[partner]) | (holds < across))).astype(np.int32)
        pairs.append(np.stack([kept, partner[kept]]))
    return np.concatenate(pairs, axis=1) if pairs else np.empty((2, 0), np.int32)


def propose_bonds(k0: np.uint32, k1: np.uint32, roles: U8, bonds: float) -> I32:
    """Return pairs of a newcomer and a local, shape (2, pairs): each newcomer makes `bonds` of them on average.

    Locals are drawn from the village's; the part of `bonds` behind the point is the probability of one more.
    """
    newcomers, locals_ = np.flatnonzero(roles & NEWCOMER), np.flatnonzero((roles & NEWCOMER) == 0)
    to, holds = np.empty((2, roles.size))
    pairs = [np.empty((2, 0), np.int32)]
    for slot in range(int(np.ceil(bonds)) if locals_.size else 0):
        uniform_of_each(k0, k1, draws.BOND, 2 * slot, to)
        uniform_of_each(k0, k1, draws.BOND, 2 * slot + 1, holds)
        who = newcomers[holds[newcomers] < bonds - slot]
        pairs.append(np.stack([who, locals_[(to[who] * locals_.size).astype(np.int64)]]).astype(np.int32))
    return np.concatenate(pairs, axis=1)


@compiled
def sort(values: I32, start: int, stop: int) -> None:
    """Sort values[start:stop] in place, by insertion: a household has few ties."""
    for k in range(start + 1, stop):
        value = values[k]
        at = k
        while at > start and values[at - 1] > value:
            values[at] = values[at - 1]
            at -= 1
        values[at] = value


@entry
def index(pairs: I32, offset: int, first: I32, fill: I32, tie: I32) -> int:
    """Write the graph of `pairs` as sorted lists, each tie once, and return the length of all lists.

    `offset` is added to the numbers in `tie`, shape (at least 2 * pairs,). `first`, shape (households + 1,) and 0
    before, gets the place of each list; `fill`, of the same shape, is scratch room.
    """
    households = first.size - 1
    for side in range(2):
        for e in range(pairs.shape[1]):
            first[pairs[side, e] + 1] += 1
    for i in range(households):
        first[i + 1] += first[i]
        fill[i] = first[i]
    for e in range(pairs.shape[1]):
        i, j = pairs[0, e], pairs[1, e]
        tie[fill[i]] = j + offset
        fill[i] += 1
        tie[fill[j]] = i + offset
        fill[j] += 1
    kept = 0
    start = 0
    for i in range(households):
        stop = first[i + 1]
        sort(tie, start, stop)
        mine = kept
        for k in range(start, stop):
            if kept == mine or tie[k] != tie[kept - 1]:
                tie[kept] = tie[k]
                kept += 1
        first[i + 1] = kept
        start = stop
    return kept
