"""Ties of kin and chat groups: a sparse undirected graph in each village, homophilous between locals and newcomers.

Every household proposes a few ties to households drawn at random; one across the divide holds with a given
probability. Draws are keyed by the proposer and the number of its proposal. An association would add bonds between
newcomers and locals, which are drawn the same way.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.world.columns import FIRST, I32, I64, NEWCOMER, PER_TIE, ROLES, STOP, TIES, U8, State
from sim.world.room import Room, uniforms

MOST_TIES = 255
"""A household's ties are counted in a byte."""


@compiled
def _propose(roles: U8, village: Any, room: Room) -> int:
    """Write the proposals that hold into `room.pairs`, numbers within the village, and return how many."""
    n, k = roles.size, room.keys
    to, holds = room.floats[0, :n], room.floats[1, :n]
    found = 0
    for slot in range(max(village.ties_local, village.ties_newcomer)):
        uniforms((k[0, draws.TIE], k[1, draws.TIE]), 2 * slot, to, room)
        uniforms((k[0, draws.TIE], k[1, draws.TIE]), 2 * slot + 1, holds, room)
        for h in range(n):
            newcomer = roles[h] & NEWCOMER
            partner = int(to[h] * n)
            proposes = slot < (village.ties_newcomer if newcomer else village.ties_local) and partner != h
            if proposes and (newcomer == roles[partner] & NEWCOMER or holds[h] < village.ties_across):
                room.pairs[0, found], room.pairs[1, found] = h, partner
                found += 1
    return found


@compiled
def _propose_bonds(roles: U8, bonds: float, room: Room) -> int:
    """Write pairs of a newcomer and a local into `room.pairs` and return how many; each newcomer makes `bonds` on average.

    Locals are drawn from the village's; the part of `bonds` behind the point is the probability of one more.
    """
    n, k, locals_ = roles.size, room.keys, room.numbers[0]
    to, holds = room.floats[0, :n], room.floats[1, :n]
    locals_number = 0
    for h in range(n):
        if not roles[h] & NEWCOMER:
            locals_[locals_number] = h
            locals_number += 1
    found = 0
    for slot in range(int(np.ceil(bonds)) if locals_number else 0):
        uniforms((k[0, draws.BOND], k[1, draws.BOND]), 2 * slot, to, room)
        uniforms((k[0, draws.BOND], k[1, draws.BOND]), 2 * slot + 1, holds, room)
        for h in range(n):
            if roles[h] & NEWCOMER and holds[h] < bonds - slot:
                room.pairs[0, found], room.pairs[1, found] = h, locals_[int(to[h] * locals_number)]
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
def _index(pairs: I32, households: int, offset: int, begin: int, first: I32, tie: I32, room: Room) -> int:
    """Write the graph of `pairs` as sorted lists, each tie once, and return where they end in `tie`.

    `offset` is added to the households' numbers. The lists begin at `begin` in `tie`, which has room for 2 * pairs from
    there; `first`, shape (households + 1,), gets the place of each and of the end.
    """
    place, fill = room.numbers[0], room.numbers[1]
    place[: households + 1] = 0
    for side in range(2):
        for e in range(pairs.shape[1]):
            place[pairs[side, e] + 1] += 1
    for i in range(households):
        place[i + 1] += place[i]
        fill[i] = begin + place[i]
    for e in range(pairs.shape[1]):
        i, j = pairs[0, e], pairs[1, e]
        tie[fill[i]] = j + offset
        fill[i] += 1
        tie[fill[j]] = i + offset
        fill[j] += 1
    kept = begin
    start = begin
    for i in range(households):
        stop = begin + place[i + 1]
        _sort(tie, start, stop)
        mine = kept
        first[i] = kept
        for k in range(start, stop):
            if kept == mine or tie[k] != tie[kept - 1]:
                tie[kept] = tie[k]
                kept += 1
        start = stop
    first[households] = kept
    return kept


@compiled
def tie_together(s: State, village: Any, v: int, begin: int, most: I64, room: Room) -> int:
    """Draw a village's ties, and return where they end in `s.tie`; they begin at `begin`.

    most : the greatest number of a household's ties goes to [0, v]; more than `MOST_TIES` can't be counted.
    """
    first, stop = s.village_i64[FIRST, v], s.village_i64[STOP, v]
    found = _propose(s.u8[ROLES, first:stop], village, room)
    places = s.tie_first[first : stop + 1]
    end = _index(room.pairs[:, :found], stop - first, first, begin, places, s.tie, room)
    for i in range(stop - first):
        degree = places[i + 1] - places[i]
        most[0, v] = max(most[0, v], degree)
        s.u8[TIES, first + i] = degree
        s.f64[PER_TIE, first + i] = 1.0 / max(1, degree)
    return end


@compiled
def draw_bonds(s: State, v: int, bonds: float, begin: int, most: I64, room: Room) -> int:
    """Draw the ties that an association would make, and return where they end in `s.bond`; they begin at `begin`.

    most : the greatest number of a household's ties, these included, goes to [1, v].
    """
    first, stop = s.village_i64[FIRST, v], s.village_i64[STOP, v]
    found = _propose_bonds(s.u8[ROLES, first:stop], bonds, room)
    places = s.bond_first[first : stop + 1]
    end = _index(room.pairs[:, :found], stop - first, first, begin, places, s.bond, room)
    for i in range(stop - first):
        most[1, v] = max(most[1, v], places[i + 1] - places[i] + s.u8[TIES, first + i])
    return end
