"""People: who is a newcomer, a member, a worthy, a volunteer, and what each household starts with.

Every trait is a draw keyed by the household, and a role of fixed number goes to those with the lowest draws. So one
more volunteer makes one person a volunteer and changes nobody else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.base.arrays import F64, U8
from sim.compiler.compiled import compiled
from sim.engine.world import luck as channels
from sim.engine.world.columns import (  # fmt: skip
    ATTACHMENT,
    CLEAN,
    CLUTTER,
    FIRST,
    FLOATING,
    MEMBER,
    NEWCOMER,
    PARTY_YEARS,
    PREDISPOSITION,
    REPRESENTATIVE,
    ROLES,
    STANDING,
    STOP,
    TRUST,
    VOLUNTEER,
    WORTHY,
    YOUTH,
    State,
)
from sim.engine.world.luck import Luck, uniforms
from sim.engine.world.workbench import Workbench
from sim.numerics import draws
from sim.numerics.elementary import normal

# NumPy's integers, see `sim.engine.programme`.
A_MEMBER, A_WORTHY, A_FLOATING, A_REPRESENTATIVE, A_VOLUNTEER, A_NEWCOMER, NOBODY = map(
    np.int64, (MEMBER, WORTHY, FLOATING, REPRESENTATIVE, VOLUNTEER | STANDING, NEWCOMER, 0)
)
TAKEN = -1.0
"""Below any draw."""


@compiled
def _open(u: float) -> float:
    """Return u moved off 0 by half a step of 2**-53, so that its normal quantile is finite."""
    return u + 1.1102230246251565e-16 if u < 0.5 else u


@compiled
def kth(values: F64, size: int, k: int) -> float:
    """Return the k-th lowest of the first `size` values, counted from 0, and reorder these (Hoare's FIND)."""
    low = 0
    high = size - 1
    while low < high:
        middle = values[(low + high) >> 1]
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
def lowest(values: F64, count: int, scratch: F64) -> None:
    """Replace the `count` lowest values by `TAKEN`, ties by position; never one that is infinite."""
    eligible = 0
    for h in range(values.size):
        if values[h] < np.inf:
            scratch[eligible] = values[h]
            eligible += 1
    left = min(count, eligible)
    if left <= 0:
        return
    # All of them need no search.
    limit = np.inf if left == eligible else kth(scratch, eligible, left - 1)
    for h in range(values.size):
        if values[h] < limit:
            values[h] = TAKEN
            left -= 1
    for h in range(values.size if left > 0 else 0):
        if values[h] == limit and left > 0:
            values[h] = TAKEN
            left -= 1


@compiled
def _appoint(
    roles: U8, role: np.int64, count: int, last: np.int64, barred: np.int64, channel: np.int64, luck: Luck, floats: F64
) -> None:  # fmt: skip
    """Give `role` to the `count` households with the lowest draws; `last` come after all others, `barred` never.

    floats : scratch, (2, households or more).
    """
    u = floats[0, : roles.size]
    uniforms(luck, channel, draws.NO_SLOT, u)
    for h in range(roles.size):
        if roles[h] & barred:
            u[h] = np.inf
        elif roles[h] & last:
            u[h] += 1.0
    lowest(u, count, floats[1])
    for h in range(roles.size):
        if u[h] == TAKEN:
            roles[h] |= role


@compiled
def _appoint_all(village: Any, roles: U8, luck: Luck, floats: F64) -> None:
    """Fill the roles of fixed number, most from the locals first and with newcomers only where there are too few."""
    _appoint(roles, A_MEMBER, village.party_members, A_NEWCOMER, NOBODY, channels.MEMBER, luck, floats)
    _appoint(roles, A_WORTHY, village.worthies, A_NEWCOMER, NOBODY, channels.WORTHY, luck, floats)
    _appoint(roles, A_VOLUNTEER, village.volunteers, NOBODY, NOBODY, channels.VOLUNTEER, luck, floats)
    _appoint(roles, A_FLOATING, village.floating_members, A_NEWCOMER, A_MEMBER, channels.FLOATING, luck, floats)
    _appoint(
        roles, A_REPRESENTATIVE, village.representatives, A_NEWCOMER, NOBODY, channels.REPRESENTATIVE, luck, floats
    )


@compiled
def settle(s: State, v: int, p: Any, village: Any, bench: Workbench) -> None:
    """Draw roles and starting states of village v's households; p, village : see `sim.engine.parameters`."""
    f64, u8, luck, first, stop = s.f64, s.u8, bench.luck, s.village_i64[FIRST, v], s.village_i64[STOP, v]
    n = stop - first
    roles, years = u8[ROLES, first:stop], u8[PARTY_YEARS, first:stop]
    u, w = bench.floats[0, :n], bench.floats[1, :n]
    uniforms(luck, channels.NEWCOMER, draws.NO_SLOT, u)
    for h in range(n):
        roles[h] = NEWCOMER if u[h] < village.newcomer_share else 0
    _appoint_all(village, roles, luck, bench.floats)
    uniforms(luck, channels.YOUTH, draws.NO_SLOT, u)
    uniforms(luck, channels.PARTY_YEARS, draws.NO_SLOT, w)
    for h in range(n):
        if u[h] < village.youth_share:
            roles[h] |= YOUTH
        years[h] = 1 + int(54 * w[h]) if roles[h] & (MEMBER | FLOATING) else 0

    uniforms(luck, channels.VILLAGE_EFFECT, draws.NO_SLOT, bench.floats[0, :1])
    mean = p.predisposition + village.predisposition_shift + village.heterogeneity * normal(_open(u[0]))
    # Draws wait in the columns that they become.
    predisposition, trust = f64[PREDISPOSITION, first:stop], f64[TRUST, first:stop]
    clutter, attachment = f64[CLUTTER, first:stop], f64[ATTACHMENT, first:stop]
    clean = u8[CLEAN, first:stop]
    uniforms(luck, channels.PREDISPOSITION, draws.NO_SLOT, predisposition)
    uniforms(luck, channels.TRUST, draws.NO_SLOT, trust)
    uniforms(luck, channels.CLUTTER, draws.NO_SLOT, clutter)
    uniforms(luck, channels.TIDY, draws.NO_SLOT, u)
    for h in range(n):
        newcomer, member = (roles[h] & NEWCOMER) > 0, (roles[h] & (MEMBER | FLOATING)) > 0
        of_group = mean + p.newcomer_gap * newcomer + p.member_bonus * member
        predisposition[h] = of_group + p.predisposition_sd * normal(_open(predisposition[h]))
        attachment[h] = p.attachment_newcomer if newcomer else p.attachment_local
        trust[h] = min(max(p.trust_start + p.trust_spread * (2.0 * trust[h] - 1.0), 0.0), 1.0)
        # Uniform about the mean, half to one and a half times.
        clutter[h] = min(p.clutter_start * (0.5 + clutter[h]), p.clutter_cap)
        if member and u[h] < p.tidy_members:
            clutter[h] = 0.0
        clean[h] = clutter[h] <= p.clean_below
