"""Callers: whom the interventions choose in a village, and who may call from door to door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64, I32
from sim.compiler.compiled import compiled
from sim.engine.world import luck as channels
from sim.engine.world.columns import (  # fmt: skip
    BY_LEVER,
    BY_VOLUNTEER,
    CALLERS,
    CHOSEN,
    FIRST,
    FLOATING,
    MEMBER,
    NEWCOMER,
    PARTY_YEARS,
    PLAN_COLUMNS,
    PLAN_ROWS,
    PLOT,
    REPRESENTATIVE,
    ROLES,
    STANDING,
    STOP,
    TEAM_CHOSEN,
    TEAM_HOUSEHOLD,
    TEAM_KIND,
    TEAM_NEXT,
    TEAM_SECONDS,
    TEAM_STATUS,
    WILLING,
    WORTHY,
    YOUTH,
    State,
)
from sim.engine.world.luck import uniforms
from sim.engine.world.people import TAKEN, lowest
from sim.engine.world.workbench import Workbench
from sim.interventions import Outsiders, Who
from sim.numerics import draws

# NumPy's integers, see `sim.engine.programme`.
AS_CHOSEN, AS_WILLING = np.int64(BY_LEVER), np.int64(WILLING)
MAX_OUTSIDERS = 2**20
"""More people than an intervention brings into a village."""
GROUPS = {
    "everyone": (0, 0), "local": (NEWCOMER, 0), "newcomer": (NEWCOMER, NEWCOMER), "member": (MEMBER, MEMBER),
    "worthy": (WORTHY, WORTHY), "volunteer": (STANDING, STANDING), "representative": (REPRESENTATIVE, REPRESENTATIVE),
    "floating_member": (FLOATING, FLOATING), "youth": (YOUTH, YOUTH),
}  # fmt: skip
"""Groups that interventions choose from: a bit of the roles, or none, and what it must be."""


class Chooser(NamedTuple):
    """An intervention's choice of people: its name, whom, the bit of the column CHOSEN, and as what kinds of caller."""

    name: str
    who: Who | Outsiders
    bit: int
    calls: tuple[int, ...]


CHOICE = np.dtype([
    ("bit", np.int64), ("calls", np.int64), ("slot", np.int64), ("role", np.int64), ("wanted", np.int64),
    ("least_years", np.int64), ("within", np.int64), ("share", np.float64), ("count", np.int64),
])  # fmt: skip
"""A choice of households: its bit; a bit for each kind of caller that it makes; the slot of its draws; see `GROUPS`;
the rest as in `Who`, -1 for None."""
OUTSIDE = np.dtype([(name, np.int64) for name in ("bit", "kind", "count", "number", "begin")])
"""People brought in as one kind of caller: the choice's bit, the kind, how many, the first's number, where they begin."""


class Choices(NamedTuple):
    """The interventions' choices as records, shapes (choices of households,) and (choices of outsiders and kinds,)."""

    households: npt.NDArray[Any]
    outside: npt.NDArray[Any]


def choices_of(choosers: Sequence[Chooser]) -> Choices:
    """Return choosers as records, which compiled code reads by name."""
    households, outside = [], []
    for name, who, bit, kinds in choosers:
        slot = draws.identity(name)[0]
        if isinstance(who, Who):
            within, count = (-1 if value is None else value for value in (who.within, who.count))
            calls = sum(1 << kind for kind in kinds)
            households.append((bit, calls, slot, *GROUPS[who.group], who.min_years_in_party, within, who.share, count))
            continue
        for kind in kinds:
            # Numbered by their intervention's name, and beginning elsewhere than those of others: they are other people.
            number = draws.identity(f"{name}/{CALLERS[kind]}")[1] % (2**31 - MAX_OUTSIDERS)
            outside.append((bit, kind, who.count, number, slot))
    return Choices(np.array(households, CHOICE), np.array(outside, OUTSIDE))


@compiled
def _choose(s: State, v: int, choice: Any, u: F64, bench: Workbench) -> None:
    """Mark the households of village v that an intervention chooses, drawn by household and intervention; u : scratch."""
    if choice.count >= 0 or choice.share < 1.0:
        uniforms(bench.luck, channels.CHOSEN, choice.slot, u)
    else:
        u[:] = 0.0
    first, stop = s.village_i64[FIRST, v], s.village_i64[STOP, v]
    rows, columns = s.village_i64[PLAN_ROWS, v], s.village_i64[PLAN_COLUMNS, v]
    roles, years = s.u8[ROLES, first:stop], s.u8[PARTY_YEARS, first:stop]
    plots, chosen = s.i32[PLOT, first:stop], s.i32[CHOSEN, first:stop]
    for h in range(u.size):
        # In plots (Chebyshev) from the middle of the village's grid.
        away = max(abs(plots[h] // columns - rows // 2), abs(plots[h] % columns - columns // 2))
        if (
            (roles[h] & choice.role) != choice.wanted
            or years[h] < choice.least_years
            or (choice.within >= 0 and away > choice.within)
            or u[h] >= choice.share
        ):
            u[h] = np.inf
    lowest(u, u.size if choice.count < 0 else choice.count, bench.floats[1])
    for h in range(u.size):
        if u[h] == TAKEN:
            chosen[h] |= 1 << choice.bit


@compiled
def _enter(team: I32, at: int, household: int, begin: int, kind: int, chosen: int, status: draws.Whole) -> None:
    """Write a caller into the list of callers."""
    team[TEAM_HOUSEHOLD, at], team[TEAM_NEXT, at], team[TEAM_SECONDS, at] = household, begin, 0
    team[TEAM_KIND, at], team[TEAM_CHOSEN, at], team[TEAM_STATUS, at] = kind, chosen, status


@compiled
def _list_households(s: State, v: int, at: int, kind: int, mask: int, willing_share: float, u: F64) -> int:
    """List the households of village v that call as one kind of caller, from `at` on, and return where they end.

    mask : the bits of the choices that make them callers. u : draws of who is willing.
    """
    first, stop, team = s.village_i64[FIRST, v], s.village_i64[STOP, v], s.team_i32
    roles, chosen = s.u8[ROLES, first:stop], s.i32[CHOSEN, first:stop]
    for h in range(u.size if mask or kind == BY_VOLUNTEER else 0):
        standing = kind == BY_VOLUNTEER and (roles[h] & STANDING) > 0
        # Only as volunteers do the willing wait to be asked: as a worthy or representative a household just calls.
        waits = kind == BY_VOLUNTEER and u[h] < willing_share and not standing
        if standing or waits or chosen[h] & mask:
            # A round starts at the own door: the next household after the own is the first to be called at.
            _enter(team, at, first + h, h, kind, chosen[h], AS_WILLING if waits else AS_CHOSEN)
            at += 1
    return at


@compiled
def list_callers(s: State, v: int, village: Any, choices: Choices, begin: int, bench: Workbench) -> int:
    """List who may call in village v, kind by kind, from `begin` on in `s.team_i32`, and return where they end.

    Standing volunteers, those whom interventions make callers, the willing, who may join the volunteers, and outsiders.
    """
    n = s.village_i64[STOP, v] - s.village_i64[FIRST, v]
    households, outside, u = choices.households, choices.outside, bench.floats[0, :n]
    for k in range(households.size):
        _choose(s, v, households[k], u, bench)
    uniforms(bench.luck, channels.WILLING, draws.NO_SLOT, u)
    at = begin
    for kind in range(len(CALLERS)):
        mask = 0
        for k in range(households.size):
            if (households[k].calls >> kind) & 1:
                mask |= 1 << households[k].bit
        at = _list_households(s, v, at, kind, mask, village.willing_share, u)
        for k in range(outside.size):
            who = outside[k]
            for person in range(who.count if who.kind == kind else 0):
                start = (who.begin + person * n // who.count) % n
                _enter(s.team_i32, at, -1 - (who.number + person), start, kind, 1 << who.bit, AS_CHOSEN)
                at += 1
    return at


def most_callers(households: int, choices: Choices) -> int:
    """Return the most callers that a village of so many households can have."""
    kinds = {BY_VOLUNTEER}.union(
        kind for kind in range(len(CALLERS)) for calls in choices.households["calls"] if int(calls) >> kind & 1
    )  # fmt: skip
    return households * len(kinds) + int(choices.outside["count"].sum())
