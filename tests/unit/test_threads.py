"""Villages of one world shared out over threads: the same bytes, whatever their number."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.simulation import Simulation, shares_of
from sim.scenario import load_scenario

SMALL = {"village.households": 60, "village.party_members": 6, "village.volunteers": 2}
VILLAGES = {"villages": [{"name": "v", "copies": 7, "spread": {"households": 0.6, "newcomer_share": 0.8}}]}


def lived(name: str, threads: int, *steps: int) -> Simulation:
    simulation = Simulation(load_scenario(name, [SMALL, VILLAGES]), 5, 2, 30)
    for weeks in steps:
        simulation.advance(weeks, threads)
    return simulation


@pytest.mark.parametrize("name", ["everything", "rollout", "branch_index"])
def test_the_number_of_threads_changes_no_byte(name: str) -> None:
    """These see other villages: by copying, by shared attention, and by a ranking."""
    alone = lived(name, 1, 30)
    assert alone.counts.any() and alone.totals.any()
    for threads, steps in ((2, (30,)), (3, (11, 19)), (50, (29, 1))):
        shared = lived(name, threads, *steps)
        assert shared.counts.tobytes() == alone.counts.tobytes()
        assert shared.totals.tobytes() == alone.totals.tobytes()
        for mine, other in zip(shared.state, alone.state, strict=True):
            assert np.asarray(mine).tobytes() == np.asarray(other).tobytes()


@pytest.mark.parametrize("threads", [1, 2, 3, 7, 20])
def test_every_village_is_run_by_one_thread(threads: int) -> None:
    state = lived("baseline", 1, 1).state
    parts = shares_of(state, threads)
    assert 1 <= len(parts) <= threads
    assert [v for first, stop in parts for v in range(first, stop)] == list(range(7))
    assert all(first < stop for first, stop in parts)
