"""A run as people watch it: every household week by week, packed for a page.

    film = replay(load_scenario("donation"), seed=0, replicate=3)
    film.rungs.shape      # (weeks, households)
    packed(film)          # JSON's types; 20 kB for two years of the default village

A page plays the run itself, so that it needs no server. What it shows is what the tables of the run say: a test compares them.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64, I64, U8
from sim.base.showing import brief
from sim.engine.outcomes import GROUPS
from sim.engine.outcomes.weeks import PAID, SPENT, UNPAID
from sim.engine.scores import SHOWN, score_parts
from sim.engine.simulation import Simulation
from sim.engine.terms import TERMS
from sim.engine.world import columns as c
from sim.runs.single import world_table
from sim.scenario import Scenario

CLEAN_BIT = 2
"""The bit of a frame that says whether the yard is clean; the bits below it are the rung."""
BY_MEMBER, BY_CALLER = 1, 2
"""Bits of a visit: a member's, or another caller's about the yard."""
LEVEL_BITS = 4
LEVELS = 2**LEVEL_BITS - 1
"""Cleanliness of public plots is kept in so many steps from 0 to 1."""
PART_STEP = 0.1
"""Parts of scores are kept in steps of this, in logit; `PART_LIMIT` such steps are the most."""
PART_LIMIT = 127
MOST = 2_000_000
"""Household-weeks of all scenarios that a page replays; of larger worlds it keeps the first villages, at least one."""
FLOWS = {"yuan": SPENT.of, "hours": (*UNPAID.of, *PAID.of)}
"""The weekly outcomes that add up to each sum that grows from week to week."""


@dataclass(frozen=True, eq=False)
class Replay:
    """A run week by week, of all villages or of some.

    Attributes
    ----------
    names, households, shapes, public_plots : of each village: its name, number of households, rows and columns of its plan,
        and number of public plots. Households and plots are numbered from 0 on, village after village.
    plan : of every plot the household, -1 for a lane, -2 - p for public plot p; villages one after the other, row by row.
    roles, party_years : by household at the end of the run, see `sim.engine.world.columns`.
    rungs, clean, visits : by week and household, shape (weeks, households): the rung, whether the yard is clean, and who
        called in that week (`BY_MEMBER` and `BY_CALLER`, added up).
    tipped_by : number of the term that tipped the last climb, same shape; it says nothing before the first climb.
    public_kind, public_level : by week and public plot: its kind, and its cleanliness in steps, 0..`LEVELS`.
    explained : the weeks, from 0, whose scores are kept. parts : in steps of `PART_STEP`, shape
        (weeks explained, parts of `SHOWN`, households).
    flows : sums of the whole world up to each week, see `FLOWS`, shape (weeks,).
    """

    names: tuple[str, ...]
    households: tuple[int, ...]
    shapes: tuple[tuple[int, int], ...]
    public_plots: tuple[int, ...]
    plan: npt.NDArray[np.int32]
    roles: U8
    party_years: U8
    rungs: U8
    clean: U8
    visits: U8
    tipped_by: U8
    public_kind: U8
    public_level: U8
    explained: tuple[int, ...]
    parts: npt.NDArray[np.int8]
    flows: dict[str, F64]

    __repr__ = brief

    @property
    def weeks(self) -> int:
        """The number of weeks."""
        return int(self.rungs.shape[0])

    def climbs(self) -> npt.NDArray[np.bool_]:
        """Return who climbed in which week, shape (weeks, households); everybody begins on the lowest rung."""
        before = np.concatenate([np.full_like(self.rungs[:1], c.WATCHING), self.rungs[:-1]])
        return self.rungs > before


def replay(
    scenario: Scenario, seed: int, replicate: int, weeks: int | None = None, explained: Sequence[int] = (),
    villages: Sequence[int] | None = None,
) -> Replay:  # fmt: skip
    """Run a scenario once and return its replay.

    explained : the weeks, from 0, whose scores are kept. villages : numbers of the villages to keep; all if None. The others
    are simulated all the same, since villages see each other.
    """
    horizon = scenario.weeks if weeks is None else weeks
    simulation = Simulation(scenario, seed, replicate, horizon)
    state = simulation.state
    which = range(len(scenario.villages)) if villages is None else villages
    people = _within(state, c.FIRST, c.STOP, which)
    plots = _within(state, c.PUBLIC_FIRST, c.PUBLIC_STOP, which)
    weekly: dict[str, list[npt.NDArray[Any]]] = {
        name: [] for name in ("rungs", "clean", "visits", "tipped_by", "public_kind", "public_level")
    }
    parts = []
    for week in range(horizon):
        simulation.advance()
        by_caller = state.i32[c.LAST_BY_CALLER : c.LAST_BY_CALLER + len(c.CALLERS), people] == week
        visits = (state.i32[c.LAST_VISIT, people] == week) * BY_MEMBER + by_caller.any(axis=0) * BY_CALLER
        level = np.rint(state.public_f64[c.PUBLIC_CLEANLINESS, plots] * LEVELS)
        for name, values in (
            ("rungs", state.u8[c.RUNG, people]), ("clean", state.u8[c.CLEAN, people]), ("visits", visits),
            ("tipped_by", state.u8[c.TIPPED_BY, people]), ("public_kind", state.public_i32[c.PUBLIC_KIND, plots]),
            ("public_level", level),
        ):  # fmt: skip
            weekly[name].append(values.astype(np.uint8))
        if week in explained:
            steps = np.rint(score_parts(simulation)[:, people] / PART_STEP)
            parts.append(np.clip(steps, -PART_LIMIT, PART_LIMIT).astype(np.int8))
    table = world_table(simulation)
    plans, shapes = _plans(state, which, people, plots)
    return Replay(
        names=tuple(scenario.villages[v].name for v in which),
        households=tuple(int(state.village_i64[c.STOP, v] - state.village_i64[c.FIRST, v]) for v in which),
        shapes=shapes, public_plots=tuple(simulation.public_plots(v) for v in which), plan=plans,
        roles=state.u8[c.ROLES, people], party_years=state.u8[c.PARTY_YEARS, people],
        explained=tuple(explained), parts=np.array(parts, np.int8).reshape(len(parts), len(SHOWN), len(people)),
        flows={
            name: np.cumsum(np.sum([table[one][:: len(GROUPS)] for one in outcomes], axis=0))
            for name, outcomes in FLOWS.items()
        },
        **{name: np.array(values) for name, values in weekly.items()},
    )  # fmt: skip


def villages_kept(scenarios: Sequence[Scenario], weeks: int) -> range:
    """Return the numbers of the villages that a page replays of scenarios with the same villages, see `MOST`."""
    sizes = np.cumsum([village.households for village in scenarios[0].villages]) * weeks * len(scenarios)
    return range(max(1, int((sizes <= MOST).sum())))


def packed(film: Replay, level: int = 9) -> dict[str, Any]:
    """Return a replay in JSON's types: arrays as the base64 text of zlib's format, see `_packed`.

    level : of compression, 1..9. The last takes 50 ms for two years of the default village, the first 4 ms for twice the text.
    """
    return {
        "weeks": film.weeks,
        "villages": [
            {"name": name, "households": households, "rows": shape[0], "columns": shape[1], "plots": plots}
            for name, households, shape, plots in zip(
                film.names, film.households, film.shapes, film.public_plots, strict=True
            )
        ],
        "plan": compressed(np.diff(film.plan, prepend=np.int32(0)).astype("<i4"), level),
        "roles": compressed(film.roles, level),
        "party_years": compressed(film.party_years, level),
        "frames": _packed(film.rungs | (film.clean << np.uint8(CLEAN_BIT)), level),
        "visits": _packed(film.visits, level),
        "tips": compressed(film.tipped_by.T[film.climbs().T], level),
        "public": _packed((film.public_kind << np.uint8(LEVEL_BITS)) | film.public_level, level),
        "parts": {
            "names": SHOWN, "weeks": film.explained, "step": PART_STEP,
            "data": _packed(
                film.parts.reshape(len(film.explained), len(SHOWN) * film.rungs.shape[1]).view(np.uint8), level
            ),
        },
        "terms": [term.name for term in TERMS.values()],
        "flows": {name: np.rint(sums).astype(int).tolist() for name, sums in film.flows.items()},
    }  # fmt: skip


def _packed(values: U8, level: int) -> str:
    """Return bytes of shape (weeks, items): the change from week to week, modulo 256, one item after the other.

    Most changes are 0, and items that lie side by side change alike, so that a tenth of the bytes or less is left.
    """
    return compressed(np.diff(values, axis=0, prepend=np.uint8(0)).T, level)


def compressed(values: npt.NDArray[Any], level: int = 9) -> str:
    """Return an array's bytes, compressed, as base64 text."""
    return base64.b64encode(zlib.compress(np.ascontiguousarray(values).tobytes(), level)).decode()


def _within(state: c.State, first: int, stop: int, villages: Sequence[int]) -> I64:
    """Return the rows that belong to these villages, whose ranges stand in two columns."""
    ranges = [np.arange(state.village_i64[first, v], state.village_i64[stop, v]) for v in villages]
    return np.concatenate(ranges).astype(np.int64)


def _plans(
    state: c.State, villages: Sequence[int], people: I64, plots: I64
) -> tuple[npt.NDArray[np.int32], tuple[tuple[int, int], ...]]:
    """Return the plans of villages one after the other, with rows of the replay, and (rows, columns) of each."""
    plans, shapes = [], []
    for v in villages:
        shape = int(state.village_i64[c.PLAN_ROWS, v]), int(state.village_i64[c.PLAN_COLUMNS, v])
        first = int(state.village_i64[c.PLAN_FIRST, v])
        plan = state.plan[first : first + shape[0] * shape[1]].astype(np.int64)
        yard, public = plan >= 0, plan <= -2
        plan[yard] = np.searchsorted(people, plan[yard])
        plan[public] = -2 - np.searchsorted(plots, -2 - plan[public])
        plans.append(plan)
        shapes.append(shape)
    return np.concatenate(plans).astype(np.int32), tuple(shapes)
