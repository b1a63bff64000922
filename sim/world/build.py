"""Build the world of a scenario: every village's plan, people, ties, lists and public plots, in the same columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim import draws
from sim.interventions import Outsiders, Who
from sim.scenario.schema import Household, Scenario, Village
from sim.world import columns as c
from sim.world.lists import cut_lists, helped_lists
from sim.world.people import lowest, normal_of_each, uniform_of_each
from sim.world.plan import empty_plan, grid_shape, lay_out, look_around
from sim.world.ties import index, propose, propose_bonds

MAX_OUTSIDERS = 2**20
"""More people than a lever brings into a village."""


class Chooser(NamedTuple):
    """A lever's choice of people: its name, whom, the bit of the column CHOSEN, and as what kinds of caller."""

    name: str
    who: Who | Outsiders
    bit: int
    calls: tuple[int, ...]


class _Builder:
    """The arrays of villages built so far, and how many households and so on lie in them."""

    def __init__(self, scenario: Scenario) -> None:
        villages = scenario.villages
        households = sum(v.households for v in villages)
        self.household: Household = scenario.household
        self.f64 = np.zeros((len([x for x in c.COLUMNS if x.block == "f64"]), households))
        self.i32 = np.zeros((len([x for x in c.COLUMNS if x.block == "i32"]), households), np.int32)
        self.u8 = np.zeros((len([x for x in c.COLUMNS if x.block == "u8"]), households), np.uint8)
        self.village_i64 = np.zeros((c.VILLAGE_I64, len(villages)), np.int64)
        self.village_f64 = np.zeros((c.VILLAGE_F64, len(villages)))
        self.village_key = np.zeros((2, len(villages)), np.uint32)
        self.plans: list[c.I32] = []
        self.tie_firsts: list[c.I32] = []
        self.ties: list[c.I32] = []
        self.bond_firsts: list[c.I32] = []
        self.bonds: list[c.I32] = []
        self.lists: list[c.I32] = []
        self.listed: list[c.I32] = []
        self.teams: list[c.I32] = []
        self.publics: list[c.I32] = []
        self.public_cleanliness: list[c.F64] = []
        # How many of each lie in the villages so far; summing the lists anew would be quadratic in villages.
        self.plan_length = self.members = self.team_size = self.public_plots = 0

    def state(self) -> c.State:
        """Join the villages' parts into one state."""
        team = np.concatenate(self.teams, axis=1)
        public = np.zeros((c.PUBLIC_F64, self.public_plots))
        public[c.PUBLIC_CLEANLINESS] = np.concatenate(self.public_cleanliness)
        return c.State(
            self.f64, self.i32, self.u8, *_joined(self.tie_firsts, self.ties), *_joined(self.bond_firsts, self.bonds),
            np.concatenate(self.plans), np.concatenate(self.lists, axis=1), np.concatenate(self.listed), team,
            np.zeros((1, team.shape[1])), np.concatenate(self.publics, axis=1), public, self.village_i64,
            self.village_f64, self.village_key,
        )  # fmt: skip


def _joined(firsts: list[c.I32], parts: list[c.I32]) -> tuple[c.I32, c.I32]:
    """Join the villages' graphs, each (places of the lists, lists), into one."""
    ends = np.cumsum([0, *(len(part) for part in parts)])
    moved = [first[1:] + end for first, end in zip(firsts, ends[:-1], strict=True)]
    first = np.concatenate([np.zeros(1, np.int32), *moved]).astype(np.int32)
    return first, np.concatenate([np.zeros(0, np.int32), *parts])


def build_world(
    scenario: Scenario, seed: int, replicate: int, choosers: Sequence[Chooser] = (), bonds: float = 0.0
) -> c.State:
    """Build the state at the start.

    Parameters
    ----------
    scenario : the resolved scenario.
    seed, replicate : the run's luck; traits are drawn by village and household.
    choosers : the levers' choices of people.
    bonds : ties to locals that each newcomer would make in an association.
    """
    builder = _Builder(scenario)
    first = 0
    for v, village in enumerate(scenario.villages):
        key = draws.village_key(seed, replicate, village.name)
        _add_village(builder, v, village, first, key)
        _add_callers(builder, v, village, first, key, choosers)
        _add_bonds(builder, village, slice(first, first + village.households), key, bonds)
        first += village.households
    return builder.state()


def _add_village(b: _Builder, v: int, village: Village, first: int, key: draws.Key) -> None:
    n = village.households
    here = slice(first, first + n)
    row, floats = b.village_i64[:, v], b.village_f64[:, v]
    row[c.FIRST], row[c.STOP], row[c.SIGHT] = first, first + n, village.plan.sight
    row[[c.STARTED, c.CHARTERED, c.AGREED, c.BONDED]] = c.NEVER
    floats[[c.EFFORT, c.BURDEN, c.ATTENTION]] = 1.0
    floats[c.FEAR], floats[c.VOLUNTEER_HOURS] = village.contact.fear, village.volunteer_hours
    b.village_key[:, v] = key
    _add_people(b, village, here, key)
    _add_plan(b, row, village, here, key)
    _add_ties(b, village, here, key)
    roles = b.u8[c.ROLES, here]
    cells = 8 * (roles & (c.NEWCOMER | c.MEMBER)) + b.u8[c.CLEAN, here]
    row[c.CELL : c.CELL + c.CELLS] = np.bincount(cells, minlength=c.CELLS)
    members, helpers = np.flatnonzero(roles & c.MEMBER), np.flatnonzero(roles & c.FLOATING)
    row[c.LISTS_FIRST] = b.members
    row[c.LISTS_STOP] = row[c.LISTS_FIRST] + members.size + helpers.size
    lists, listed = cut_lists(members, n, first)
    b.i32[c.LIST, listed] = row[c.LISTS_FIRST] + np.repeat(
        np.arange(members.size), lists[c.LIST_STOP] - lists[c.LIST_FIRST]
    )
    _add_routine(row, floats, lists, members, village, key)
    lists = np.concatenate([lists, helped_lists(lists, helpers + first)], axis=1)
    lists[c.LIST_FIRST : c.LIST_NEXT + 1] += first
    b.lists.append(lists)
    b.listed.append(listed)
    b.members += lists.shape[1]


def _add_callers(
    b: _Builder, v: int, village: Village, first: int, key: draws.Key, choosers: Sequence[Chooser]
) -> None:  # fmt: skip
    """Mark whom the levers choose, and list who may call from door to door, kind by kind."""
    n = village.households
    here = slice(first, first + n)
    row, roles, chosen = b.village_i64[:, v], b.u8[c.ROLES, here], b.i32[c.CHOSEN, here]
    away = _from_the_middle(b.i32[c.PLOT, here], int(row[c.PLAN_ROWS]), int(row[c.PLAN_COLUMNS]))
    for chooser in choosers:
        if isinstance(chooser.who, Who):
            picked = choose(chooser.who, chooser.name, roles, b.u8[c.PARTY_YEARS, here], away, key)
            chosen |= np.where(picked, np.int32(1 << chooser.bit), np.int32(0))
    u = np.empty(n)
    uniform_of_each(*key, draws.WILLING, 0, u)
    willing = u < village.willing_share
    parts = []
    for kind in range(len(c.CALLERS)):
        mask = np.int32(sum(1 << chooser.bit for chooser in choosers if kind in chooser.calls))
        standing = ((roles & c.STANDING) > 0) & (kind == c.BY_VOLUNTEER)
        callers = np.flatnonzero(standing | ((chosen & mask) > 0) | (willing & (kind == c.BY_VOLUNTEER)))
        part = np.zeros((6, callers.size), np.int32)
        part[c.TEAM_HOUSEHOLD] = callers + first
        # A round starts at the own door: the next household after the own is the first to be called at.
        part[c.TEAM_NEXT] = callers
        part[c.TEAM_KIND] = kind
        part[c.TEAM_CHOSEN] = chosen[callers]
        # Only as volunteers do the willing wait to be asked: as a worthy or representative a household just calls.
        waits = willing & ~standing & (kind == c.BY_VOLUNTEER)
        part[c.TEAM_STATUS] = np.where(waits[callers], c.WILLING, c.BY_LEVER)
        parts.append(part)
        for chooser in choosers:
            if isinstance(chooser.who, Outsiders) and kind in chooser.calls:
                part = np.zeros((6, chooser.who.count), np.int32)
                # Numbered by their lever's name, and beginning elsewhere than those of others: they are other people.
                number = draws.identity(f"{chooser.name}/{c.CALLERS[kind]}")[1] % (2**31 - MAX_OUTSIDERS)
                part[c.TEAM_HOUSEHOLD] = -1 - (number + np.arange(chooser.who.count))
                begin = draws.identity(chooser.name)[0]
                part[c.TEAM_NEXT] = (begin + np.arange(chooser.who.count) * n // chooser.who.count) % n
                part[c.TEAM_KIND] = kind
                part[c.TEAM_CHOSEN] = 1 << chooser.bit
                parts.append(part)
    team = np.concatenate(parts, axis=1)
    row[c.TEAM_FIRST] = b.team_size
    row[c.TEAM_STOP] = b.team_size + team.shape[1]
    b.teams.append(team)
    b.team_size += team.shape[1]


def _from_the_middle(plot: c.I32, rows: int, columns: int) -> c.I64:
    """Return each household's distance in plots (Chebyshev) from the middle of the village's grid."""
    row, column = np.divmod(plot.astype(np.int64), columns)
    away: c.I64 = np.maximum(np.abs(row - rows // 2), np.abs(column - columns // 2))
    return away


def _add_people(b: _Builder, village: Village, here: slice, key: draws.Key) -> None:
    """Draw roles and starting states of the village's households."""
    n, p = village.households, b.household
    f64, i32, u8 = b.f64[:, here], b.i32[:, here], b.u8[:, here]
    u = np.empty(n)

    def uniforms(channel: int, slot: int = 0) -> c.F64:
        uniform_of_each(*key, channel, slot, u)
        return u

    newcomer = uniforms(draws.NEWCOMER) < village.newcomer_share
    roles = np.where(newcomer, c.NEWCOMER, 0)
    everyone = np.ones(n, np.bool_)
    # Members and worthies come from the locals first; newcomers only where there are too few locals.
    member = lowest(uniforms(draws.MEMBER) + newcomer, village.party_members, everyone)
    roles[member] |= c.MEMBER
    roles[lowest(uniforms(draws.WORTHY) + newcomer, village.worthies, everyone)] |= c.WORTHY
    roles[lowest(uniforms(draws.VOLUNTEER), village.volunteers, everyone)] |= c.VOLUNTEER | c.STANDING
    u8[c.ROLES] = roles
    is_member = (roles & c.MEMBER) > 0
    if village.floating_members:
        floating = lowest(uniforms(draws.FLOATING) + newcomer, village.floating_members, ~is_member)
        roles[floating] |= c.FLOATING
    roles[lowest(uniforms(draws.REPRESENTATIVE) + newcomer, village.representatives, everyone)] |= c.REPRESENTATIVE
    roles[uniforms(draws.YOUTH) < village.youth_share] |= c.YOUTH
    u8[c.ROLES] = roles
    is_member = (roles & (c.MEMBER | c.FLOATING)) > 0
    u8[c.PARTY_YEARS] = np.where(is_member, 1 + np.floor(54 * uniforms(draws.PARTY_YEARS)), 0)

    village_effect = np.empty(1)
    normal_of_each(*key, draws.VILLAGE_EFFECT, village_effect)
    normal_of_each(*key, draws.PREDISPOSITION, u)
    f64[c.PREDISPOSITION] = (
        p.predisposition + village.predisposition_shift + village.heterogeneity * village_effect[0]
        + p.newcomer_gap * newcomer + p.member_bonus * is_member + p.predisposition_sd * u
    )  # fmt: skip
    f64[c.TRUST] = np.clip(p.trust_start + p.trust_spread * (2.0 * uniforms(draws.TRUST) - 1.0), 0.0, 1.0)
    f64[c.ATTACHMENT] = np.where(newcomer, p.attachment_newcomer, p.attachment_local)
    # Uniform about the mean, half to one and a half times.
    clutter = np.minimum(p.clutter_start * (0.5 + uniforms(draws.CLUTTER)), p.clutter_cap)
    f64[c.CLUTTER] = np.where(is_member & (uniforms(draws.TIDY) < p.tidy_members), 0.0, clutter)
    u8[c.CLEAN] = f64[c.CLUTTER] <= p.clean_below
    i32[c.LAST_VISIT : c.LAST_BY_TALK + 1] = c.NEVER
    i32[c.LAST_BY_CALLER : c.LAST_BY_CALLER + len(c.CALLERS)] = c.NEVER


def _add_plan(b: _Builder, row: c.I64, village: Village, here: slice, key: draws.Key) -> None:
    """Lay out the grid and the public plots."""
    n, plan = village.households, village.plan
    public_first = b.public_plots
    publics = math.ceil(n / plan.households_per_public_plot)
    rows, cols = grid_shape(n, publics, plan.lane_rows, plan.lane_columns)
    row[c.PLAN_FIRST] = b.plan_length
    row[c.PLAN_ROWS], row[c.PLAN_COLUMNS] = rows, cols
    row[c.PUBLIC_FIRST], row[c.PUBLIC_STOP] = public_first, public_first + publics
    plots = empty_plan(rows, cols)
    lay_out(
        plots, rows, cols, plan.lane_rows, plan.lane_columns, here.start, n, public_first, publics, b.i32[c.PLOT, here]
    )
    look_around(plots, rows, cols, plan.sight, here.start, b.i32, b.u8)
    b.f64[c.PER_NEIGHBOUR, here] = 1.0 / np.maximum(1, b.u8[c.NEIGHBOURS, here])
    b.plans.append(plots)
    b.plan_length += plots.size
    nearest = b.i32[c.PUBLIC_PLOT, here] - public_first
    u = np.empty(publics)
    uniform_of_each(*key, draws.IDLE_PLOT, 0, u)
    public = np.zeros((6, publics), np.int32)
    public[c.PUBLIC_KIND] = np.where(u < plan.idle_share, c.IDLE, c.BLACK_SPOT)
    public[c.PUBLIC_YARDS] = np.bincount(nearest, minlength=publics)
    public[c.PUBLIC_CLUTTERED] = np.bincount(
        nearest, weights=1 - b.u8[c.CLEAN, here].astype(np.int64), minlength=publics
    )
    b.publics.append(public)
    b.public_plots += publics
    b.public_cleanliness.append(np.full(publics, plan.public_cleanliness))


def _add_ties(b: _Builder, village: Village, here: slice, key: draws.Key) -> None:
    """Draw the graph of ties."""
    ties = village.ties
    pairs = propose(*key, b.u8[c.ROLES, here], ties.local, ties.newcomer, ties.across)
    first, fill = np.zeros((2, village.households + 1), np.int32)
    tie = np.empty(2 * pairs.shape[1], np.int32)
    tie = tie[: index(pairs, here.start, first, fill, tie)]
    degree = np.diff(first)
    if degree.max(initial=0) > 255:
        raise ValueError(f"a household of '{village.name}' has {degree.max()} ties; at most 255 are possible")
    b.u8[c.TIES, here] = degree
    b.f64[c.PER_TIE, here] = 1.0 / np.maximum(1, degree)
    b.tie_firsts.append(first)
    b.ties.append(tie)


def _add_bonds(b: _Builder, village: Village, here: slice, key: draws.Key, bonds: float) -> None:
    """Draw the ties between newcomers and locals that an association would make; none where there is no association."""
    if bonds <= 0:
        return
    pairs = propose_bonds(*key, b.u8[c.ROLES, here], bonds)
    first, fill = np.zeros((2, village.households + 1), np.int32)
    bond = np.empty(2 * pairs.shape[1], np.int32)
    b.bonds.append(bond[: index(pairs, here.start, first, fill, bond)])
    b.bond_firsts.append(first)
    most = (np.diff(first) + b.u8[c.TIES, here]).max(initial=0)
    if most > 255:
        raise ValueError(
            f"a household of '{village.name}' would have {most} ties with the association's; at most 255 are possible"
        )


def _add_routine(
    row: c.I64,
    floats: c.F64,
    lists: c.I32,
    members: c.I64,
    village: Village,
    key: draws.Key,
) -> None:
    """Set the routine of visits: seconds a member-week, seconds a visit, and where in its cycle each member starts."""
    contact = village.contact
    visit = round(60 * contact.minutes_per_visit)
    visits_a_week = contact.contacts_per_member_year / contact.period_weeks / contact.persons_per_visit
    row[c.VISIT_SECONDS], row[c.ROUTINE_SECONDS] = visit, round(visits_a_week * visit)
    floats[c.ROUTINE_MESSAGE] = contact.message
    u = np.empty(village.households)
    uniform_of_each(*key, draws.VISIT_PHASE, 0, u)
    lists[c.LIST_SECONDS] = np.floor(u[members] * visit)


def choose(who: Who, name: str, roles: c.U8, party_years: c.U8, away: c.I64, key: draws.Key) -> c.Flags:
    """Return which households of a village a lever chooses, shape (households,); drawn by household and lever."""
    members_of: dict[str, c.Flags] = {
        "everyone": np.ones(roles.shape, np.bool_), "local": (roles & c.NEWCOMER) == 0,
        "newcomer": (roles & c.NEWCOMER) > 0, "member": (roles & c.MEMBER) > 0,
        "worthy": (roles & c.WORTHY) > 0, "volunteer": (roles & c.STANDING) > 0,
        "representative": (roles & c.REPRESENTATIVE) > 0, "floating_member": (roles & c.FLOATING) > 0,
        "youth": (roles & c.YOUTH) > 0,
    }  # fmt: skip
    group: c.Flags = members_of[who.group] & (party_years >= who.min_years_in_party)
    if who.within is not None:
        group &= away <= who.within
    if who.count is None and who.share >= 1:
        return group
    u = np.empty(roles.size)
    uniform_of_each(*key, draws.CHOSEN, draws.identity(name)[0], u)
    group &= u < who.share
    if who.count is None:
        return group
    chosen = np.zeros(roles.shape, np.bool_)
    chosen[lowest(u, who.count, group)] = True
    return chosen
