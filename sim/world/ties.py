"""Ties of kin and chat groups: a sparse undirected graph in each village, homophilous between locals and newcomers.

Every household proposes a few ties to households drawn at random; one across the divide holds with a given
probability. Draws are keyed by the proposer and the number of its proposal.
"""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import entry
from sim.world.columns import I32, NEWCOMER, U8


@entry
def propose(k0: int, k1: int, roles: U8, local: int, newcomer: int, across: float, out: I32) -> int:
    """Write the proposals that hold as pairs into `out`, shape (2, most proposals), and return their number.

    `roles` has the village's households; pairs are numbers within the village, proposer first.
    """
    key = draws.phase_key(np.uint32(k0), np.uint32(k1), draws.BUILDING, draws.TIE)
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


@entry
def index(pairs: I32, count: int, households: int, offset: int) -> tuple[I32, I32]:
    """Return (first, tie): the graph as sorted lists of ties, each tie once; `offset` is added to the numbers in tie."""
    degree = np.zeros(households + 1, np.int32)
    for e in range(count):
        degree[pairs[0, e] + 1] += 1
        degree[pairs[1, e] + 1] += 1
    start = np.cumsum(degree).astype(np.int32)
    fill = start.copy()
    raw = np.empty(2 * count, np.int32)
    for e in range(count):
        i = pairs[0, e]
        j = pairs[1, e]
        raw[fill[i]] = j
        fill[i] += 1
        raw[fill[j]] = i
        fill[j] += 1
    first = np.zeros(households + 1, np.int32)
    kept = 0
    for i in range(households):
        row = np.sort(raw[start[i] : start[i + 1]])
        for k in range(row.size):
            if k == 0 or row[k] != row[k - 1]:
                raw[kept] = row[k] + offset
                kept += 1
        first[i + 1] = kept
    return first, raw[:kept].copy()
