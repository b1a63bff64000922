"""People: who is a newcomer, a member, a worthy, a volunteer, and what each household starts with.

Every trait is a draw keyed by the household, and a role of fixed number goes to those with the lowest draws. So one
more volunteer makes one person a volunteer and changes nobody else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import draws
from sim.compiled import called, compiled
from sim.elementary import normal
from sim.world.columns import (
    ATTACHMENT,
    CALLERS,
    CLEAN,
    CLUTTER,
    F64,
    FIRST,
    FLOATING,
    LAST_BY_CALLER,
    LAST_BY_MEMBER,
    LAST_BY_TALK,
    LAST_VISIT,
    MEMBER,
    NEVER,
    NEWCOMER,
    PARTY_YEARS,
    PREDISPOSITION,
    REPRESENTATIVE,
    ROLES,
    STANDING,
    STOP,
    TRUST,
    U8,
    VOLUNTEER,
    WORTHY,
    YOUTH,
    State,
)  # fmt: skip
from sim.world.room import Room, uniforms

# NumPy's integers, see `sim.programme`.
A_MEMBER, A_WORTHY, A_FLOATING, A_REPRESENTATIVE, A_VOLUNTEER, A_NEWCOMER, NOBODY = map(
    np.int64, (MEMBER, WORTHY, FLOATING, REPRESENTATIVE, VOLUNTEER | STANDING, NEWCOMER, 0)
)


@compiled
def _open(u: float) -> float:
    """Return u moved off 0 by half a step of 2**-53, so that its normal quantile is finite."""
    return u + 1.1102230246251565e-16 if u < 0.5 else u


@compiled
def kth(values: F64, k: int) -> float:
    """Return the k-th lowest value, counted from 0, and reorder the values (Hoare's FIND)."""
    low = 0
    high = values.size - 1
    while low < high:
        middle = values[(low + high) // 2]
        i = low
        j = high
        while i <= j:
            while values[i] < middle:
                i += 1
            while values[j] > middle:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if k <= j:
            high = j
        elif k >= i:
            low = i
        else:
            break
    value: float = values[k]
    return value


@compiled
def lowest(values: F64, count: int, flags: U8, scratch: F64) -> None:
    """Flag the households with the `count` lowest values, ties by position; never one whose value is infinite."""
    eligible = 0
    for h in range(values.size):
        if values[h] < np.inf:
            scratch[eligible] = values[h]
            eligible += 1
    left = min(count, eligible)
    # All of them, or none, need no search.
    limit = np.inf if left == eligible else kth(scratch[:eligible], left - 1) if left > 0 else -np.inf
    for h in range(values.size):
        if values[h] < limit:
            left -= 1
    for h in range(values.size):
        flags[h] = values[h] < limit
        if values[h] == limit and left > 0:
            flags[h] = 1
            left -= 1


@called
def _appoint(
    roles: U8, role: np.int64, count: int, last: np.int64, barred: np.int64, key: draws.Key, room: Room
) -> None:  # fmt: skip
    """Give `role` to the `count` households with the lowest draws; `last` come after all others, `barred` never."""
    u = room.floats[0, : roles.size]
    uniforms(key, draws.NO_SLOT, u, room)
    for h in range(roles.size):
        if roles[h] & barred:
            u[h] = np.inf
        elif roles[h] & last:
            u[h] += 1.0
    lowest(u, count, room.flags, room.floats[1])
    for h in range(roles.size):
        if room.flags[h]:
            roles[h] |= role


@compiled
def _set_roles(village: Any, roles: U8, years: U8, room: Room) -> None:
    """Draw who is what; members and worthies come from the locals first, newcomers only where there are too few."""
    u, k = room.floats[0, : roles.size], room.keys
    uniforms((k[0, draws.NEWCOMER], k[1, draws.NEWCOMER]), draws.NO_SLOT, u, room)
    for h in range(roles.size):
        roles[h] = NEWCOMER if u[h] < village.newcomer_share else 0
    key = k[0, draws.MEMBER], k[1, draws.MEMBER]
    _appoint(roles, A_MEMBER, village.party_members, A_NEWCOMER, NOBODY, key, room)
    key = k[0, draws.WORTHY], k[1, draws.WORTHY]
    _appoint(roles, A_WORTHY, village.worthies, A_NEWCOMER, NOBODY, key, room)
    key = k[0, draws.VOLUNTEER], k[1, draws.VOLUNTEER]
    _appoint(roles, A_VOLUNTEER, village.volunteers, NOBODY, NOBODY, key, room)
    key = k[0, draws.FLOATING], k[1, draws.FLOATING]
    _appoint(roles, A_FLOATING, village.floating_members, A_NEWCOMER, A_MEMBER, key, room)
    key = k[0, draws.REPRESENTATIVE], k[1, draws.REPRESENTATIVE]
    _appoint(roles, A_REPRESENTATIVE, village.representatives, A_NEWCOMER, NOBODY, key, room)
    uniforms((k[0, draws.YOUTH], k[1, draws.YOUTH]), draws.NO_SLOT, u, room)
    for h in range(roles.size):
        if u[h] < village.youth_share:
            roles[h] |= YOUTH
    uniforms((k[0, draws.PARTY_YEARS], k[1, draws.PARTY_YEARS]), draws.NO_SLOT, u, room)
    for h in range(roles.size):
        years[h] = 1 + int(54 * u[h]) if roles[h] & (MEMBER | FLOATING) else 0


@compiled
def settle(s: State, p: Any, village: Any, v: int, room: Room) -> None:
    """Draw roles and starting states of a village's households.

    p, village : see `sim.parameters`.
    """
    first, stop = s.village_i64[FIRST, v], s.village_i64[STOP, v]
    n, k = stop - first, room.keys
    u, tidy = room.floats[0, :n], room.floats[1, :n]
    roles = s.u8[ROLES, first:stop]
    predisposition, trust = s.f64[PREDISPOSITION, first:stop], s.f64[TRUST, first:stop]
    clutter, attachment = s.f64[CLUTTER, first:stop], s.f64[ATTACHMENT, first:stop]
    clean = s.u8[CLEAN, first:stop]
    _set_roles(village, roles, s.u8[PARTY_YEARS, first:stop], room)

    effect = draws.uniform((k[0, draws.VILLAGE_EFFECT], k[1, draws.VILLAGE_EFFECT]), draws.NO_SLOT, draws.NO_SLOT)
    mean = p.predisposition + village.predisposition_shift + village.heterogeneity * normal(_open(effect))
    uniforms((k[0, draws.PREDISPOSITION], k[1, draws.PREDISPOSITION]), draws.NO_SLOT, u, room)
    for h in range(n):
        newcomer, member = (roles[h] & NEWCOMER) > 0, (roles[h] & (MEMBER | FLOATING)) > 0
        of_group = mean + p.newcomer_gap * newcomer + p.member_bonus * member
        predisposition[h] = of_group + p.predisposition_sd * normal(_open(u[h]))
        attachment[h] = p.attachment_newcomer if newcomer else p.attachment_local

    uniforms((k[0, draws.TRUST], k[1, draws.TRUST]), draws.NO_SLOT, trust, room)
    for h in range(n):
        trust[h] = min(max(p.trust_start + p.trust_spread * (2.0 * trust[h] - 1.0), 0.0), 1.0)

    uniforms((k[0, draws.CLUTTER], k[1, draws.CLUTTER]), draws.NO_SLOT, u, room)
    uniforms((k[0, draws.TIDY], k[1, draws.TIDY]), draws.NO_SLOT, tidy, room)
    for h in range(n):
        # Uniform about the mean, half to one and a half times.
        clutter[h] = min(p.clutter_start * (0.5 + u[h]), p.clutter_cap)
        if roles[h] & (MEMBER | FLOATING) and tidy[h] < p.tidy_members:
            clutter[h] = 0.0
        clean[h] = clutter[h] <= p.clean_below

    s.i32[LAST_VISIT, first:stop] = NEVER
    s.i32[LAST_BY_MEMBER, first:stop] = NEVER
    s.i32[LAST_BY_TALK, first:stop] = NEVER
    for kind in range(len(CALLERS)):
        s.i32[LAST_BY_CALLER + kind, first:stop] = NEVER
