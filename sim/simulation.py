"""One run of a scenario: its world, its programme, and the record of its weeks.

The engine behind `sim.run`, batches and `sim.model.MobilizationModel`; it needs no Mesa.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.blocks import make_room
from sim.parameters import parameters
from sim.programme import Programme, bonds_per_newcomer, build_programme, choosers, make_now
from sim.scenario.schema import Scenario
from sim.tallies import FLOATS, INTEGERS
from sim.week import advance
from sim.world.build import build_world
from sim.world.columns import F64, I64, PUBLIC_FIRST, PUBLIC_STOP, State


class Simulation:
    """A scenario under way.

    Parameters
    ----------
    scenario : the resolved scenario.
    seed : root of all chance, 0..2**64-1. replicate : which run under that seed, 0..2**32-1.
    weeks : horizon; the scenario's own if None. Stepping beyond it is possible and extends the record.

    Attributes
    ----------
    state : the columns. week : weeks run so far.
    counts, totals : the record by week and village, see `sim.tallies`; rows from `week` on are 0.
    """

    def __init__(self, scenario: Scenario, seed: int = 0, replicate: int = 0, weeks: int | None = None) -> None:
        self.scenario = scenario
        self.seed = int(seed)
        self.replicate = int(replicate)
        self.week = 0
        self.parameters = parameters(scenario)
        self.state: State = build_world(
            scenario, self.seed, self.replicate, choosers(scenario), bonds_per_newcomer(scenario)
        )  # fmt: skip
        self._room = make_room(self.state.households)
        villages = len(scenario.villages)
        self._shares = np.zeros(villages)
        self.counts: I64 = np.zeros((0, villages, INTEGERS), np.int64)
        self.totals: F64 = np.zeros((0, villages, FLOATS))
        self._set_horizon(scenario.weeks if weeks is None else weeks)

    def _set_horizon(self, weeks: int) -> None:
        """Make tables for `weeks` weeks, keeping what is recorded."""
        more = weeks - self.horizon
        self.counts = np.concatenate([self.counts, np.zeros((more, *self.counts.shape[1:]), np.int64)])
        self.totals = np.concatenate([self.totals, np.zeros((more, *self.totals.shape[1:]))])
        self.programme: Programme = build_programme(self.scenario, self.seed, self.replicate, weeks)
        self._now = make_now(self.programme)

    @property
    def horizon(self) -> int:
        """Weeks that the tables cover."""
        return int(self.counts.shape[0])

    def public_plots(self, v: int | None = None) -> int:
        """Return the number of public plots, of village v or of all."""
        rows = self.state.village_i64[[PUBLIC_FIRST, PUBLIC_STOP]]
        plots = rows[1] - rows[0]
        return int(plots.sum() if v is None else plots[v])

    def advance(self, weeks: int = 1) -> None:
        """Run the next weeks."""
        if self.week + weeks > self.horizon:
            self._set_horizon(max(self.week + weeks, 2 * self.horizon))
        advance(
            self.state, self.parameters, self.programme, self.week, weeks, self.counts, self.totals, self._shares,
            self._now, self._room
        )  # fmt: skip
        self.week += weeks
