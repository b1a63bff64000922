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
EVERYTHING = "everything"
FIRST_RUN = """
import time
from sim.scenario import load_scenario
from sim.simulation import Simulation
scenario = load_scenario("baseline", [])
start = time.perf_counter()
Simulation(scenario, 1, 0, weeks=2).advance(2)
print(time.perf_counter() - start)
"""


def scenario_of(name: str, households: int | None = None) -> Any:
    """Return a scenario, with a village of this size (the default one if None)."""
    if households is None:
        return load_scenario(name, [])
    sizes = {"households": households, "party_members": households // 12, "volunteers": households // 100}
    return load_scenario(name, [{f"village.{key}": value for key, value in sizes.items()}])


def district_of(households: int) -> Any:
    """Return every lever at once in a district of default villages, of at least so many households in all."""
    village = load_scenario(EVERYTHING, []).villages[0]
    copies = -(-households // village.households)
    villages = tuple(village.model_copy(update={"name": f"village-{k}"}) for k in range(1, copies + 1))
    return load_scenario(EVERYTHING, []).model_copy(update={"villages": villages})


def seconds_of(scenario: Any, replicate: int, weeks: int) -> float:
    """Return the seconds of the weekly loop alone."""
    simulation = Simulation(scenario, 1, replicate, weeks=weeks)
    start = time.perf_counter()
    simulation.advance(weeks)
    return time.perf_counter() - start


def speeds_of(scenario: Any, repeats: int) -> list[float]:
    """Return household-weeks a second of 104 weeks on one core."""
    households = sum(village.households for village in scenario.villages)
    return [households * 104 / seconds_of(scenario, r, 104) for r in range(repeats)]


def compile_seconds() -> float:
    """Return the seconds of a first run with an empty cache, less those of a second process."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GRASSROOTS_CACHE": folder}
        command = [sys.executable, "-c", FIRST_RUN]
        cold, warm = (
            float(subprocess.run(command, env=environment, check=True, capture_output=True).stdout) for _ in range(2)
        )
    return cold - warm


def batch_seconds(replicates: int) -> float:
    """Return the seconds of 104 weeks of so many replicates on two threads."""
    scenario = scenario_of(NAME)

    def run(replicate: int) -> None:
        Simulation(scenario, 1, replicate, weeks=104).advance(104)

    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(replicates)))
    return time.perf_counter() - start


def scaling(large: int, repeats: int) -> list[float]:
    """Return ratios of the cost of a household-week in a large village to that in one of 10,000, measured in pairs."""
    pair = ((scenario_of(NAME, 10_000), 10_000, 50), (scenario_of(NAME, large), large, 4))
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
    quick, as_json = vars(parser.parse_args()).values()
    first = Simulation(scenario_of(NAME), 1, 0, weeks=104)
    first.advance(1)  # compiles, or loads the cache
    replicates, large, households = (200, 300_000, 100_000) if quick else (1_000, 1_000_000, 1_000_000)
    measured = {
        "household_weeks_per_second_per_core": speeds_of(scenario_of(NAME), 7),
        "baseline_household_weeks_per_second_per_core": speeds_of(scenario_of("baseline"), 7),
        "everything_household_weeks_per_second_per_core": speeds_of(scenario_of(EVERYTHING), 7),
        "district_seconds": [seconds_of(district_of(households), 0, 52)],
        "batch_seconds": [batch_seconds(replicates) * 1_000 / replicates for _ in range(1 if quick else 3)],
        "scaling_ratio": scaling(large, 3 if quick else 5),
        "compile_seconds": [compile_seconds()],
    }
    # The best of several, because other work on a machine only ever slows; ratios are of pairs, and so their median.
    best = {name: max(x) if "per_second" in name else min(x) for name, x in measured.items()}
    figures = {
        **best,
        "scaling_ratio": statistics.median(measured["scaling_ratio"]),
        "bytes_per_household": first.state.bytes_per_household(),
        "batch_replicates": replicates,
        "scaling_households": large,
        "district_households": households,
    }
    for name, value in figures.items():
        spread = measured.get(name, [])
        told = f"   ({min(spread):,.2f} to {max(spread):,.2f})" if len(spread) > 1 else ""
        print(f"{name:46s} {value:16,.2f}{told}")
    if as_json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
