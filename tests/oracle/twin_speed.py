"""The twin for benchmarks: `build(scenario, seed, replicate)` returns a Mesa model, `step()` runs a week.

PYTHONPATH=tests python -m oracle.twin_speed everything --households 100000 --weeks 2
"""

from __future__ import annotations

import argparse
import gc
import time

from oracle.model import Town
from sim.scenario import Scenario, load_scenario


def build(scenario: Scenario, seed: int = 0, replicate: int = 0) -> Town:
    """Return the twin of a scenario before its first week.

    Python's collector of cycles is held while objects are made: nothing is garbage yet, and it would look at all of them
    again and again.
    """
    held = gc.isenabled()
    gc.disable()
    try:
        return Town(scenario, seed, replicate)
    finally:
        if held:
            gc.enable()


def main() -> None:
    """Print seconds to build, and household-weeks a second."""
    parser = argparse.ArgumentParser(description="time the twin")
    parser.add_argument("scenario", nargs="?", default="baseline")
    parser.add_argument("--households", type=int, default=1567)
    parser.add_argument("--weeks", type=int, default=10)
    arguments = parser.parse_args()
    members = max(1, arguments.households * 125 // 1567)
    few = {"village.households": arguments.households, "village.party_members": members}
    scenario = load_scenario(arguments.scenario, few)
    build(load_scenario("baseline", {"village.households": 20, "village.party_members": 2})).step()  # compile the draws
    begin = time.perf_counter()
    town = build(scenario)
    built = time.perf_counter()
    for _ in range(arguments.weeks):
        town.step()
    stepped = time.perf_counter()
    households = sum(village.households for village in scenario.villages)
    rate = households * arguments.weeks / (stepped - built)
    print(f"{households} households: built in {built - begin:.1f} s, {rate:,.0f} household-weeks a second")


if __name__ == "__main__":
    main()
