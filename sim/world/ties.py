"""Ties of kin and chat groups: a sparse undirected graph in each village, homophilous between locals and newcomers.

Every household proposes a few ties to households drawn at random; one across the divide holds with a given
probability. Draws are keyed by the proposer and the number of its proposal.
"""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled, entry
from sim.world.columns import I32, NEWCOMER, U8


@entry
def propose(k0: np.uint32, k1: np.uint32, roles: U8, local: int, newcomer: int, across: float, out: I32) -> int:
    """Write the proposals that hold as pairs into `out`, shape (2, most proposals), and return their number.

    `roles` has the village's households; pairs are numbers within the village, proposer first.
    """
    key = draws.phase_key(k0, k1, draws.BUILDING, draws.TIE)
    n = roles.size
    pairs = 0
    for i in range(n):
        for slot in range(newcomer if roles[i] & NEWCOMER else local):
            j = int(draws.uniform(key, i, 2 * slot) * n)
            if j == i:
                continue
            if (roles[i] ^ roles[j]) & NEWCOMER and draws.uniform(key, i, 2 * slot + 1) >= across:
                continue
            out[0, pairs] = i
            out[1, pairs] = j
            pairs += 1
    return pairs


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
def index(pairs: I32, count: int, offset: int, first: I32, fill: I32, tie: I32) -> int:
    """Write the graph of `count` pairs as sorted lists, each tie once, and return the length of all lists.

    `offset` is added to the numbers in `tie`, shape (at least 2 * count,). `first`, shape (households + 1,) and 0
    before, gets the place of each list; `fill`, of the same shape, is scratch room.
    """
    households = first.size - 1
    for side in range(2):
        for e in range(count):
            first[pairs[side, e] + 1] += 1
    for i in range(households):
        first[i + 1] += first[i]
        fill[i] = first[i]
    for e in range(count):
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
