"""Benchmark: speed, memory, compile time and batches. `python experiments/benchmark.py [--quick] [--json]`."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sim.scenario import load_scenario
from sim.simulation import Simulation

NAME = "veteran_role_model_and_donation"
FIRST_RUN = """
import time
from sim.scenario import load_scenario
from sim.simulation import Simulation
scenario = load_scenario("baseline", [])
start = time.perf_counter()
Simulation(scenario, 1, 0, weeks=2).advance(2)
print(time.perf_counter() - start)
"""


def scenario_of(households: int | None = None) -> Any:
    """Return the scenario, with a village of this size (the default one if None)."""
    if households is None:
        return load_scenario(NAME, [])
    sizes = {"households": households, "party_members": households // 12, "volunteers": households // 100}
    return load_scenario(NAME, [{f"village.{key}": value for key, value in sizes.items()}])


def seconds_of(scenario: Any, replicate: int, weeks: int) -> float:
    """Return the seconds of the weekly loop alone."""
    simulation = Simulation(scenario, 1, replicate, weeks=weeks)
    start = time.perf_counter()
    simulation.advance(weeks)
    return time.perf_counter() - start


def compile_seconds() -> float:
    """Return the seconds of a first run with an empty cache, less those of a second process."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GRASSROOTS_CACHE": folder}
        cold, warm = (
            float(
                subprocess.run(
                    [sys.executable, "-c", FIRST_RUN], env=environment, check=True, capture_output=True
                ).stdout
            )
            for _ in range(2)
        )
    return cold - warm


def batch_seconds(replicates: int) -> float:
    """Return the seconds of 104 weeks of so many replicates on two threads."""
    scenario = scenario_of()

    def run(replicate: int) -> None:
        Simulation(scenario, 1, replicate, weeks=104).advance(104)

    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(replicates)))
    return time.perf_counter() - start


def scaling(large: int, repeats: int) -> list[float]:
    """Return ratios of the cost of a household-week in a large village to that in one of 10,000, measured in pairs."""
    pair = ((scenario_of(10_000), 10_000, 50), (scenario_of(large), large, 4))
    ratios = []
    for replicate in range(repeats):
        small_cost, large_cost = (seconds_of(s, replicate, weeks) / (n * weeks) for s, n, weeks in pair)
        ratios.append(large_cost / small_cost)
    return ratios


def main() -> None:
    """Measure, print a table and, on request, one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer replicates and a smaller large village")
    parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")
    options = parser.parse_args()
    scenario = scenario_of()
    first = Simulation(scenario, 1, 0, weeks=104)
    first.advance(1)  # compiles, or loads the cache
    speeds = [first.state.households * 104 / seconds_of(scenario, r, 104) for r in range(7)]
    replicates, large = (200, 300_000) if options.quick else (1_000, 1_000_000)
    batches = [batch_seconds(replicates) for _ in range(1 if options.quick else 3)]
    ratios = scaling(large, 3 if options.quick else 5)
    figures = {
        "household_weeks_per_second_per_core": max(speeds),
        "bytes_per_household": first.state.bytes_per_household(),
        "compile_seconds": compile_seconds(),
        "batch_seconds": min(batches) * 1_000 / replicates,
        "batch_replicates": replicates,
        "scaling_ratio": statistics.median(ratios),
        "scaling_households": large,
    }
    spreads = {
        "household_weeks_per_second_per_core": (min(speeds), max(speeds)),
        "batch_seconds": (min(batches) * 1_000 / replicates, max(batches) * 1_000 / replicates),
        "scaling_ratio": (min(ratios), max(ratios)),
    }
    for name, value in figures.items():
        spread = spreads.get(name)
        print(f"{name:38s} {value:16,.2f}" + (f"   ({spread[0]:,.2f} to {spread[1]:,.2f})" if spread else ""))
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
