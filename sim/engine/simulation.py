"""One run of a scenario: its world, its programme, and the record of its weeks.

The engine behind `sim.run`, batches and `sim.mesa_view.model.MobilizationModel`; it needs no Mesa.
"""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.memory import check_memory
from sim.base.whole import REPLICATES, SEEDS, whole
from sim.engine.mechanisms.blocks import make_scratch
from sim.engine.now import Record, make_now
from sim.engine.parameters import parameters
from sim.engine.programme import Programme, bonds_per_newcomer, build_programme, choosers
from sim.engine.tallies import MEASURES, TALLIES
from sim.engine.week import Span, advance
from sim.engine.world import columns as c
from sim.engine.world.build import build_villages, choose_people, same_villages
from sim.engine.world.columns import FIRST, PUBLIC_FIRST, PUBLIC_STOP, STOP, State
from sim.scenario.schema import Scenario

BYTES_OF_A_HOUSEHOLD, BYTES_OF_A_TIE = 180, 11
"""What a household takes with its plot, its list and scratch arrays, and what each tie that it proposes adds (measured)."""


def bytes_of_a_run(scenario: Scenario, weeks: int) -> int:
    """Return about how much memory a run takes."""
    people = sum(
        village.households * (BYTES_OF_A_HOUSEHOLD + BYTES_OF_A_TIE * max(village.ties.local, village.ties.newcomer))
        for village in scenario.villages
    )
    return people + 8 * weeks * len(scenario.villages) * (len(TALLIES) + len(MEASURES))


class Worlds:
    """Villages built once for all scenarios with the same luck that have the same villages.

    Parameters
    ----------
    seed, replicate : see `Simulation`.
    """

    def __init__(self, seed: int, replicate: int) -> None:
        self._seed, self._replicate = seed, replicate
        self._built: list[tuple[Scenario, float, State]] = []

    def copy(self, scenario: Scenario, bonds: float) -> State:
        """Return what `build_villages` returns. Raises ValueError as it does."""
        for other, ties, state in self._built:
            if ties == bonds and same_villages(scenario, other):
                return state.copy()
        state = build_villages(scenario, self._seed, self._replicate, bonds)
        self._built.append((scenario, bonds, state))
        return state.copy()


class Simulation:
    """A scenario under way.

    Parameters
    ----------
    scenario : the resolved scenario.
    seed : root of all chance, 0..2**64-1. replicate : which run under that seed, 0..2**32-1.
    weeks : horizon; the scenario's own if None. Stepping beyond it is possible and extends the record.
    worlds : of the same seed and replicate, where the villages are built; None if no other scenario needs them.

    Attributes
    ----------
    state : the columns. week : weeks run so far.
    counts, totals : the record by week and village, see `sim.engine.tallies`; rows from `week` on are 0.
    """

    def __init__(
        self, scenario: Scenario, seed: int = 0, replicate: int = 0, weeks: int | None = None,
        worlds: Worlds | None = None,
    ) -> None:  # fmt: skip
        self.scenario = scenario
        self.seed = whole("seed", seed, 0, SEEDS)
        self.replicate = whole("replicate", replicate, 0, REPLICATES)
        self.week = 0
        check_memory(bytes_of_a_run(scenario, scenario.weeks if weeks is None else weeks), "the run's households")
        self.parameters = parameters(scenario)
        bonds = bonds_per_newcomer(scenario)
        villages = (
            worlds.copy(scenario, bonds) if worlds else build_villages(scenario, self.seed, self.replicate, bonds)
        )
        self.state: State = choose_people(villages, scenario, choosers(scenario))
        count = len(scenario.villages)
        self._shares = np.zeros(count)
        self.counts: I64 = np.zeros((0, count, len(TALLIES)), np.int64)
        self.totals: F64 = np.zeros((0, count, len(MEASURES)))
        self._set_horizon(scenario.weeks if weeks is None else weeks)

    def _set_horizon(self, weeks: int) -> None:
        """Make tables for `weeks` weeks, keeping what is recorded."""
        more = weeks - self.horizon
        self.counts = np.concatenate([self.counts, np.zeros((more, *self.counts.shape[1:]), np.int64)])
        self.totals = np.concatenate([self.totals, np.zeros((more, *self.totals.shape[1:]))])
        self.record = Record(self.counts, self.totals, self._shares)
        self.programme: Programme = build_programme(self.scenario, self.seed, self.replicate, weeks)

    def restore_record(self, counts: I64, totals: F64) -> None:
        """Set the record to that of as many weeks as these have rows, and `week` to their number."""
        weeks = counts.shape[0]
        if weeks > self.horizon:
            self._set_horizon(weeks)
        self.counts[:weeks], self.totals[:weeks] = counts, totals
        self.counts[weeks:], self.totals[weeks:] = 0, 0.0
        self.week = weeks

    def __copy__(self) -> Simulation:
        """Return an independent copy; of two that shared columns, each would spoil the other's."""
        return copy.deepcopy(self)

    @property
    def horizon(self) -> int:
        """Weeks that the tables cover."""
        return int(self.counts.shape[0])

    def public_plots(self, v: int | None = None) -> int:
        """Return the number of public plots, of village v or of all."""
        plots = self.state.village_i64[PUBLIC_STOP] - self.state.village_i64[PUBLIC_FIRST]
        return int(plots.sum() if v is None else plots[v])

    def advance(self, weeks: int = 1, threads: int = 1) -> None:
        """Run the next weeks.

        threads : villages are shared out over so many threads, week by week; the result is the same to the bit.
        """
        if self.week + weeks > self.horizon:
            self._set_horizon(max(self.week + weeks, 2 * self.horizon))
        if threads < 2 or len(self.scenario.villages) < 2:
            self._run(self.week, weeks, 0, len(self.scenario.villages), opens=True)
        else:
            parts = shares_of(self.state, threads)
            with ThreadPoolExecutor(len(parts)) as pool:
                for week in range(self.week, self.week + weeks):
                    self._run(week, 1, 0, 0, opens=True)
                    jobs = [pool.submit(self._run, week, 1, first, last, opens=False) for first, last in parts]
                    for job in jobs:
                        job.result()
        self.week += weeks

    def _run(self, first_week: int, weeks: int, first: int, last: int, *, opens: bool) -> None:
        """Run weeks of the villages first .. last - 1, with scratch room of its own (see `sim.engine.week.advance`)."""
        span = Span(first_week, first_week + weeks, first, last, opens)
        sizes = self.state.village_i64[STOP, first:last] - self.state.village_i64[FIRST, first:last]
        arguments = (
            self.state, self.parameters, self.programme, span, self.record, make_now(self.programme),
            make_scratch(int(sizes.max(initial=0))),
        )  # fmt: skip
        advance(*arguments)


def sums(state: State) -> F64:
    """Return the measures of the state as it is now, shape (villages, measures); 0 for those of what happens in a week."""
    villages = state.village_i64.shape[1]
    now = {name: np.add.reduceat(state.column(name), state.village_i64[c.FIRST])
           for name in ("trust", "persuasion", "clutter", "passivity")}  # fmt: skip
    now["public_cleanliness"] = np.add.reduceat(
        state.public_f64[c.PUBLIC_CLEANLINESS], state.village_i64[c.PUBLIC_FIRST]
    )
    now |= {"recognised_giving": state.village_f64[c.RECOGNISED], "effort": state.village_f64[c.EFFORT]}
    return np.stack([now.get(name, np.zeros(villages)) for name in MEASURES], axis=1)


def shares_of(state: State, threads: int) -> list[tuple[int, int]]:
    """Return at most `threads` ranges of villages (first, last + 1), with about as many households each."""
    ends = state.village_i64[STOP]
    cuts = np.searchsorted(ends, state.households * np.arange(1, threads) / threads) + 1
    edges = sorted({0, *(min(int(cut), ends.size) for cut in cuts), ends.size})
    return list(pairwise(edges))
