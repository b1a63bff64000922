"""Ties of kin and chat groups: a sparse undirected graph in each village, homophilous between locals and newcomers.

Every household proposes a few ties to households drawn at random; one across the divide holds with a given
probability. Draws are keyed by the proposer and the number of its proposal. An association would add bonds between
newcomers and locals, which are drawn the same way.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.base.arrays import I32, I64, U8
from sim.compiler.compiled import compiled
from sim.engine.world import luck as channels
from sim.engine.world.columns import FIRST, NEWCOMER, PER_TIE, ROLES, STOP, TIES, State
from sim.engine.world.luck import uniforms
from sim.engine.world.workbench import Workbench

MOST_TIES = 255
"""A household's ties are counted in a byte."""


@compiled
def _propose(roles: U8, village: Any, bench: Workbench) -> int:
    """Write the proposals that hold into `bench.pairs`, numbers within the village, and return how many."""
    n, pairs = roles.size, bench.pairs
    to, holds = bench.floats[0, :n], bench.floats[1, :n]
    found = 0
    for slot in range(max(village.ties_local, village.ties_newcomer)):
        uniforms(bench.luck, channels.TIE, 2 * slot, to)
        uniforms(bench.luck, channels.TIE, 2 * slot + 1, holds)
        for h in range(n):
            newcomer = roles[h] & NEWCOMER
            partner = int(to[h] * n)
            proposes = slot < (village.ties_newcomer if newcomer else village.ties_local) and partner != h
            if proposes and (newcomer == roles[partner] & NEWCOMER or holds[h] < village.ties_across):
                pairs[0, found], pairs[1, found] = h, partner
                found += 1
    return found


@compiled
def _propose_bonds(roles: U8, bonds: float, bench: Workbench) -> int:
    """Write pairs of a newcomer and a local into `bench.pairs` and return how many; each newcomer makes `bonds` on average.

    Locals are drawn from the village's; the part of `bonds` behind the point is the probability of one more.
    """
    n, pairs, locals_ = roles.size, bench.pairs, bench.numbers
    to, holds = bench.floats[0, :n], bench.floats[1, :n]
    locals_number = 0
    for h in range(n):
        if not roles[h] & NEWCOMER:
            locals_[locals_number] = h
            locals_number += 1
    found = 0
    for slot in range(int(np.ceil(bonds)) if locals_number else 0):
        uniforms(bench.luck, channels.BOND, 2 * slot, to)
        uniforms(bench.luck, channels.BOND, 2 * slot + 1, holds)
        for h in range(n):
            if roles[h] & NEWCOMER and holds[h] < bonds - slot:
                pairs[0, found], pairs[1, found] = h, locals_[int(to[h] * locals_number)]
                found += 1
    return found


@compiled
def _sort(values: I32, start: int, stop: int) -> None:
    """Sort values[start:stop] in place, by insertion: a household has few ties."""
    for k in range(start + 1, stop):
        value = values[k]
        at = k
        while at > start and values[at - 1] > value:
            values[at] = values[at - 1]
            at -= 1
        values[at] = value


@compiled
def _index(pairs: I32, found: int, offset: int, begin: int, first: I32, tie: I32) -> int:
    """Write the graph of `found` pairs as sorted lists, each tie once, and return where they end in `tie`.

    `offset` is added to the households' numbers. The lists begin at `begin` in `tie`, which has room for 2 * pairs from
    there; `first`, shape (households + 1,), gets the place of each and of the end.
    """
    last = first.size - 1
    for i in range(last):
        first[i] = 0
    for side in range(2):
        for e in range(found):
            first[pairs[side, e]] += 1
    # Each list is filled from its end, so `first` is where it begins when it is full.
    end = begin
    for i in range(last):
        end += first[i]
        first[i] = end
    for side in range(2):
        for e in range(found):
            i = pairs[side, e]
            first[i] -= 1
            tie[first[i]] = pairs[1 - side, e] + offset
    first[last] = end
    kept = begin
    for i in range(last):
        start, stop = first[i], first[i + 1]
        _sort(tie, start, stop)
        first[i] = mine = kept
        for k in range(start, stop):
            if kept == mine or tie[k] != tie[kept - 1]:
                tie[kept] = tie[k]
                kept += 1
    first[last] = kept
    return kept


@compiled
def tie_together(s: State, v: int, village: Any, begin: int, most: I64, bench: Workbench) -> int:
    """Draw village v's ties, and return where they end in `s.tie`; they begin at `begin`.

    most : (2, villages), gets the greatest number of a household's ties; more than `MOST_TIES` can't be counted.
    """
    first, stop = s.village_i64[FIRST, v], s.village_i64[STOP, v]
    ties, per_tie = s.u8[TIES, first:stop], s.f64[PER_TIE, first:stop]
    found = _propose(s.u8[ROLES, first:stop], village, bench)
    places = s.tie_first[first : stop + 1]
    end = _index(bench.pairs, found, first, begin, places, s.tie)
    for i in range(stop - first):
        degree = places[i + 1] - places[i]
        most[0, v] = max(most[0, v], degree)
        ties[i] = degree
        per_tie[i] = 1.0 / max(1, degree)
    return end


@compiled
def draw_bonds(s: State, v: int, bonds: float, begin: int, most: I64, bench: Workbench) -> int:
    """Draw the ties that an association would make, and return where they end in `s.bond`; they begin at `begin`.

    most : (2, villages), gets the greatest number of a household's ties, these included, in its second row.
    """
    first, stop = s.village_i64[FIRST, v], s.village_i64[STOP, v]
    ties = s.u8[TIES, first:stop]
    found = _propose_bonds(s.u8[ROLES, first:stop], bonds, bench)
    places = s.bond_first[first : stop + 1]
    end = _index(bench.pairs, found, first, begin, places, s.bond)
    for i in range(stop - first):
        most[1, v] = max(most[1, v], places[i + 1] - places[i] + ties[i])
    return end
