"""Golden summaries: runs of the shipped scenarios, week by week to the bit, and in numbers that a person can read.

`golden.json` names the columns, tallies and measures that its hashes cover, so a new one changes none of them. A change of
the model does; then say why, in the same commit, which takes in new ones, too:

    python tests/baseline/test_golden.py --update "why the results changed"
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import pytest

from sim.engine.simulation import Simulation
from sim.engine.tallies import MEASURES, TALLIES
from sim.engine.world.declaration import BLOCKS, rows_of
from sim.runs.single import result_of
from sim.scenario import load_scenario

FILE = Path(__file__).with_name("golden.json")
RUNS = [
    ("baseline", 1, 0, 60), ("household_contact", 1, 0, 60), ("veteran_role_model", 1, 1, 60), ("donation", 2, 0, 60),
    ("veteran_role_model_and_donation", 2, 3, 60), ("volunteer_team", 3, 0, 60), ("campaign", 3, 1, 60),
    ("everything", 4, 0, 60), ("rollout", 5, 0, 40),
]  # fmt: skip
READABLE = (
    "adopted",
    "clean",
    "self_initiated",
    "newcomer_gap",
    "trust",
    "yuan",
    "hours",
    "own_hours",
    "climbs",
    "slips",
)


def summary(rows: dict[str, list[str]], name: str, seed: int, replicate: int, weeks: int) -> dict[str, object]:
    """Return the hash of a run's whole course, and some outcomes in six digits.

    The course is the state at the start and after every week, of its blocks the columns in `rows`, and the record's rows.
    """
    simulation = Simulation(load_scenario(name), seed, replicate, weeks)
    digest = hashlib.sha256()
    for week in range(weeks + 1):
        for name, array in simulation.state._asdict().items():
            for part in map(simulation.state.column, rows[name]) if name in BLOCKS else [array]:
                digest.update(part.tobytes())
        if week < weeks:
            simulation.advance()
    counts = simulation.counts[:, :, [TALLIES[name].row for name in rows["counts"]]]
    totals = simulation.totals[:, :, [MEASURES[name].row for name in rows["totals"]]]
    digest.update(counts.tobytes() + totals.tobytes())
    totals = result_of(simulation).totals
    return {"sha256": digest.hexdigest(), **{key: float(f"{totals[key]:.6g}") for key in READABLE}}


@pytest.mark.parametrize("run", RUNS, ids=lambda run: "-".join(map(str, run)))
def test_run_is_the_golden_one(run: tuple[str, int, int, int]) -> None:
    golden = json.loads(FILE.read_text())
    assert summary(golden["rows"], *run) == golden["runs"]["-".join(map(str, run))]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", metavar="REASON", required=True)
    reason = parser.parse_args().update
    rows = {block: [one.name for one in rows_of(block)] for block in BLOCKS}
    rows |= {"counts": list(TALLIES), "totals": list(MEASURES)}
    runs = {"-".join(map(str, run)): summary(rows, *run) for run in RUNS}
    FILE.write_text(json.dumps({"reason": reason, "rows": rows, "runs": runs}, indent=1) + "\n")
