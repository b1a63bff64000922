"""The same inputs give the same bytes: again, on more threads, in processes however begun, with another hash seed, and
compiled for another processor. The order of villages is in test_all_values; golden runs are in tests/baseline."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import pytest
from batches import batch
from own_process import output_of

from sim.engine.simulation import Simulation
from sim.scenario import load_scenario

SMALL = {"village.households": 200, "village.party_members": 16, "village.volunteers": 4}
INTERVENTIONS = {
    "interventions": [
        {"kind": "household_contact", "stop": 12}, {"kind": "role_model", "where": {"share": 0.7}},
        {"kind": "donation", "yuan": 50_000.0, "match": 0.5}, {"kind": "volunteer_team", "hours": 3.0},
    ]
}  # fmt: skip
TWO = {"villages": [{"name": "a"}, {"name": "b", "households": 150}]}

PROGRAM = """
import hashlib
from sim.scenario import load_scenario
from sim.runs.single import run
scenario = load_scenario("baseline", [{small}, {interventions}, {two}])
result = run(scenario, seed=5, replicate=2, weeks=20)
digest = hashlib.sha256()
for name, values in sorted(result.columns.items()):
    digest.update(name.encode() + values.tobytes())
digest.update(repr(sorted(result.totals.items())).encode())
for array in result.simulation.state:
    digest.update(array.tobytes())
print(digest.hexdigest())
"""


def digest(simulation: Simulation) -> str:
    found = hashlib.sha256(simulation.counts.tobytes() + simulation.totals.tobytes())
    for array in simulation.state:
        found.update(array.tobytes())
    return found.hexdigest()


def test_a_run_again_is_the_same_to_the_byte_and_another_seed_or_replicate_is_not() -> None:
    scenario = load_scenario("baseline", [SMALL, INTERVENTIONS, TWO])
    found = []
    for seed, replicate in ((5, 2), (5, 2), (5, 3), (6, 2)):
        simulation = Simulation(scenario, seed, replicate, 20)
        simulation.advance(20)
        found.append(digest(simulation))
    assert found[0] == found[1]
    assert len(set(found)) == 3


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return set(one) == set(other) and all(one[key].tobytes() == other[key].tobytes() for key in one)


def test_threads_change_no_byte() -> None:
    """60 replicates of two scenarios, on one thread and on several."""
    scenarios = {"with": load_scenario("baseline", [SMALL, INTERVENTIONS]), "without": load_scenario("baseline", SMALL)}
    tables = [batch(scenarios, 60, 3, 12, None, jobs).tables for jobs in (1, 2, 5)]
    for table in tables[1:]:
        assert all(same(tables[0][name], table[name]) for name in scenarios)
    assert not same(tables[0]["with"], tables[0]["without"])
    assert tables[0]["with"]["replicate"].tolist() == list(range(60))


def test_the_number_of_replicates_changes_no_replicate() -> None:
    scenarios = {"x": load_scenario("baseline", [SMALL, INTERVENTIONS])}
    few, many = (batch(scenarios, n, 3, 12, None).tables["x"] for n in (7, 30))
    for key in few:
        assert few[key].tobytes() == many[key][:7].tobytes()


def test_common_random_numbers_make_pairs_alike() -> None:
    """Two scenarios with one seed have the same luck: until their interventions start, each replicate is the same in both.

    And they stay close: adopted shares of the pairs correlate, where unpaired runs don't (|r| < 4 / sqrt(60) = 0.52).
    """
    lively = {**SMALL, "household.predisposition": -1.0}
    late = {"interventions": [{"kind": "household_contact", "start": 10}]}
    scenarios = {"with": load_scenario("baseline", [lively, late]), "without": load_scenario("baseline", lively)}
    tables = batch(scenarios, 60, 3, 14, None).tables
    weekly = [tables[name]["weekly.adopted"].reshape(60, 14, 4)[:, :, 0] for name in ("with", "without")]
    assert np.array_equal(weekly[0][:, :10], weekly[1][:, :10])
    last = [w[:, 13] for w in weekly]
    assert np.corrcoef(last[0], last[1])[0, 1] > 0.7
    assert abs(np.corrcoef(last[0], np.roll(last[1], 1))[0, 1]) < 0.52


def of_replicate(replicate: int) -> str:
    """Return the digest of a run; a process of a pool calls it."""
    simulation = Simulation(load_scenario("baseline", [SMALL, INTERVENTIONS, TWO]), 5, replicate, 12)
    simulation.advance(12)
    return digest(simulation)


@pytest.mark.parametrize(("method", "processes"), [("spawn", 1), ("spawn", 2), ("fork", 2)])
def test_processes_change_no_byte_however_many_and_however_begun(method: str, processes: int) -> None:
    """A forked process inherits compiled code and whatever else is in memory; a spawned one begins with nothing."""
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system can't {method}")
    here = [of_replicate(replicate) for replicate in range(4)]
    assert len(set(here)) == 4
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context(method)) as pool:
        assert list(pool.map(of_replicate, range(4))) == here


def digest_in_a_process(**environment: str) -> str:
    """Return the digest that a process of its own prints, under these variables."""
    return output_of(PROGRAM.format(small=SMALL, interventions=INTERVENTIONS, two=TWO), **environment)


def test_python_s_hash_seed_changes_no_byte() -> None:
    """Sets and dicts of text are ordered by it, if anywhere a result depends on that order."""
    found = {digest_in_a_process(PYTHONHASHSEED=seed) for seed in ("0", "1")}
    assert len(found) == 1
    assert len(found.pop()) == 64


@pytest.mark.skipif(
    not os.environ.get("GRASSROOTS_OTHER_PROCESSOR"), reason="compiles the engine anew: a minute or two"
)
def test_another_processor_changes_no_byte() -> None:
    """Compiled for the plainest processor of this machine's kind, without fused multiplication or wide vectors.

    Numba keeps the two apart in its cache, by the processor's name and features. Were any multiplication and addition
    fused, a sum reordered or a library's exponential used, some of the 20 weeks' 7,000 decisions and all their clutter,
    trust and persuasion would show it in the last bit; the test asks for the same bytes.
    """
    plain = digest_in_a_process(NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="")
    assert plain == digest_in_a_process()
    assert len(plain) == 64
