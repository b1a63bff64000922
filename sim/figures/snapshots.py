"""Snapshots: a village's map from the model's columns."""

from __future__ import annotations

import numpy as np

from sim.engine.world import columns as c
from sim.figures.village_map import LANE, PUBLIC, YARD, Snapshot


def snapshot(state: c.State, village_index: int, week: int, title: str = "") -> Snapshot:
    """Return a snapshot of a village for its map.

    Parameters
    ----------
    village_index : the village's number in the scenario, from 0.
    week : 0-based week at whose end the state is; -1 at the start of the run.
    title : the village's name, say.
    """
    village = state.village_i64[:, village_index]
    shape = int(village[c.PLAN_ROWS]), int(village[c.PLAN_COLUMNS])
    first = int(village[c.PLAN_FIRST])
    plan = state.plan[first : first + shape[0] * shape[1]].reshape(shape)
    yard, public = plan >= 0, plan <= -2
    rung = np.full(shape, -1, np.int8)
    rung[yard] = state.u8[c.RUNG, plan[yard]]
    clean = np.zeros(shape, np.bool_)
    clean[yard] = state.u8[c.CLEAN, plan[yard]] > 0
    newcomer = np.zeros(shape, np.bool_)
    newcomer[yard] = (state.u8[c.ROLES, plan[yard]] & c.NEWCOMER) > 0
    kinds = np.full(shape, -1, np.int8)
    kinds[public] = state.public_i32[c.PUBLIC_KIND, -2 - plan[public]]
    kind = np.select([yard, public], [YARD, PUBLIC], LANE).astype(np.int8)
    return Snapshot(week, kind, rung, clean, newcomer, kinds, title)
