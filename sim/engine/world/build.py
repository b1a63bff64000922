"""Build the world of a scenario: every village's people, plan, ties and lists, and then what its programme chooses.

The two steps are separate, because scenarios that differ only in their programmes have the same villages.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.base.arrays import F64, I64
from sim.compiler.compiled import entry
from sim.engine.parameters import parameters, village_parameters
from sim.engine.world import columns as c
from sim.engine.world.callers import Choices, Chooser, choices_of, list_callers, most_callers
from sim.engine.world.declaration import make_block
from sim.engine.world.lists import cut_lists
from sim.engine.world.luck import set_keys
from sim.engine.world.people import settle
from sim.engine.world.plan import grid_shape, lay_out
from sim.engine.world.ties import MOST_TIES, draw_bonds, tie_together
from sim.engine.world.workbench import Workbench, make_workbench
from sim.numerics import draws
from sim.scenario.schema import Scenario, Village


def build_villages(scenario: Scenario, seed: int, replicate: int, bonds: float = 0.0) -> c.State:
    """Build the state at the start, but for the people whom interventions choose and the callers.

    Parameters
    ----------
    scenario : the resolved scenario.
    seed, replicate : the run's luck; traits are drawn by village and household.
    bonds : ties to locals that each newcomer would make in an association.

    Raises
    ------
    ValueError : a household would have more ties than can be counted.
    """
    village_i64 = _places(scenario)
    state = _empty(scenario, village_i64, bonds)
    for v, village in enumerate(scenario.villages):
        state.village_key[:, v] = draws.village_key(seed, replicate, village.name)
        _set_routine(village, state.village_i64[:, v], state.village_f64[:, v])
    ends, most = np.zeros(2, np.int64), np.zeros((2, len(scenario.villages)), np.int64)
    records = parameters(scenario), village_parameters(scenario)
    _build(state, *records, bonds, ends, most, _workbench(scenario, village_i64, bonds))
    _check_ties(scenario, most)
    ties, bound = map(int, ends)
    return state._replace(tie=state.tie[:ties].copy(), bond=state.bond[:bound].copy())


def same_villages(one: Scenario, other: Scenario) -> bool:
    """Return whether `build_villages` makes the same of two scenarios with the same luck and bonds."""
    return (one.villages, one.household, one.public) == (other.villages, other.household, other.public)


def choose_people(state: c.State, scenario: Scenario, choosers: Sequence[Chooser]) -> c.State:
    """Mark the people whom interventions choose, in the arrays of a state from `build_villages`, and add the callers."""
    choices = choices_of(choosers)
    most = sum(most_callers(village.households, choices) for village in scenario.villages)
    state = state._replace(team_i32=make_block("team_i32", most), team_f64=make_block("team_f64", most))
    callers = np.zeros(1, np.int64)
    bench = _workbench(scenario, state.village_i64, 0.0)
    _choose_people(state, village_parameters(scenario), choices, callers, bench)
    ends = slice(0, int(callers[0]))
    return state._replace(team_i32=state.team_i32[:, ends].copy(), team_f64=state.team_f64[:, ends].copy())


def _workbench(scenario: Scenario, village_i64: I64, bonds: float) -> Workbench:
    """Return a workbench for the largest village."""
    households = village_i64[c.STOP] - village_i64[c.FIRST]
    plots = village_i64[c.PLAN_ROWS] * village_i64[c.PLAN_COLUMNS]
    pairs = max(v.households * max(v.ties.local, v.ties.newcomer, math.ceil(bonds)) for v in scenario.villages)
    return make_workbench(int(households.max()), int(plots.max()), pairs)


def _places(scenario: Scenario) -> I64:
    """Return the villages' rows of `State.village_i64` with the size of each plan, and where all that is theirs lies."""
    rows: I64 = make_block("village_i64", len(scenario.villages))
    first = plots = publics = lists = 0
    for v, village in enumerate(scenario.villages):
        n, plan = village.households, village.plan
        here = math.ceil(n / plan.households_per_public_plot)
        shape = grid_shape(n, here, plan.lane_rows, plan.lane_columns)
        members = min(village.party_members, n)
        row = rows[:, v]
        row[c.FIRST], row[c.STOP] = first, first + n
        row[c.PLAN_FIRST], row[c.PLAN_ROWS], row[c.PLAN_COLUMNS] = plots, *shape
        row[c.PUBLIC_FIRST], row[c.PUBLIC_STOP] = publics, publics + here
        row[c.LISTS_FIRST], row[c.LISTS_STOP] = lists, lists + members + min(village.floating_members, n - members)
        first, plots, publics, lists = first + n, plots + shape[0] * shape[1], publics + here, int(row[c.LISTS_STOP])
    return rows


def _empty(scenario: Scenario, village_i64: I64, bonds: float) -> c.State:
    """Return a state with all arrays at their size but no callers; ties and bonds with room for the most there can be."""
    villages = scenario.villages
    households, publics, lists = (int(village_i64[row, -1]) for row in (c.STOP, c.PUBLIC_STOP, c.LISTS_STOP))
    last = village_i64[:, -1]
    plots = int(last[c.PLAN_FIRST] + last[c.PLAN_ROWS] * last[c.PLAN_COLUMNS])
    proposals = sum(2 * v.households * max(v.ties.local, v.ties.newcomer) for v in villages)
    sizes = {"household": households, "list": lists, "public plot": publics, "village": len(villages)}
    return c.empty_state(
        sizes, village_i64=village_i64,
        tie_first=np.zeros(households + 1, np.int32), tie=np.empty(proposals, np.int32),
        bond_first=np.zeros(households + 1 if bonds > 0 else 1, np.int32),
        bond=np.empty(2 * math.ceil(bonds) * households, np.int32),
        plan=np.empty(plots, np.int32), listed=np.empty(households, np.int32),
    )  # fmt: skip


def _set_routine(village: Village, row: I64, floats: F64) -> None:
    """Set the routine of visits, seconds a member-week and a visit, and what else a scenario says of a village."""
    contact = village.contact
    visit = round(60 * contact.minutes_per_visit)
    visits_a_week = contact.contacts_per_member_year / contact.period_weeks / contact.persons_per_visit
    row[c.VISIT_SECONDS], row[c.ROUTINE_SECONDS] = visit, round(visits_a_week * visit)
    row[c.SIGHT] = village.plan.sight
    floats[c.ROUTINE_MESSAGE], floats[c.FEAR] = contact.message, contact.fear
    floats[c.VOLUNTEER_HOURS] = village.volunteer_hours


@entry
def _build(
    s: c.State, p: Any, villages: Any, bonds: float, ends: I64, most: I64, bench: Workbench
) -> None:  # fmt: skip
    """Build every village into `s`, in which its places are set (see `_places`).

    p, villages : see `sim.engine.parameters`. ends : gets where ties and bonds end in their arrays. most : (2, villages),
    gets the greatest number of a household's ties, and that with bonds.
    """
    places = s.village_i64
    for v in range(villages.size):
        village = villages[v]
        set_keys(s.village_key[0, v], s.village_key[1, v], bench.luck)
        settle(s, v, p, village, bench)
        lay_out(s, v, village, bench)
        ends[0] = tie_together(s, v, village, ends[0], most, bench)
        if bonds > 0.0:
            ends[1] = draw_bonds(s, v, bonds, ends[1], most, bench)
        cut_lists(s, v, bench)
        for h in range(places[c.FIRST, v], places[c.STOP, v]):
            places[c.CELL + c.cell(s.u8[c.ROLES, h], c.WATCHING, s.u8[c.CLEAN, h]), v] += 1


@entry
def _choose_people(s: c.State, villages: Any, choices: Choices, ends: I64, bench: Workbench) -> None:
    """Choose people in every village and list its callers. ends : (1,), gets where callers end in their arrays."""
    places = s.village_i64
    for v in range(villages.size):
        set_keys(s.village_key[0, v], s.village_key[1, v], bench.luck)
        places[c.TEAM_FIRST, v] = ends[0]
        ends[0] = places[c.TEAM_STOP, v] = list_callers(s, v, villages[v], choices, ends[0], bench)


def _check_ties(scenario: Scenario, most: I64) -> None:
    """Raise ValueError for a household with more ties than can be counted."""
    for village, ties, with_bonds in zip(scenario.villages, *most.tolist(), strict=True):
        if ties > MOST_TIES:
            raise ValueError(f"a household of '{village.name}' has {ties} ties; at most {MOST_TIES} are possible")
        if with_bonds > MOST_TIES:
            raise ValueError(
                f"a household of '{village.name}' would have {with_bonds} ties with the association's; "
                f"at most {MOST_TIES} are possible"
            )
