"""The engine alone: speed, batches, memory, and how the cost of a household-week grows with the village."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sim.engine.simulation import Simulation
from sim.scenario import load_scenario

NAME = "veteran_role_model_and_donation"
EVERYTHING = "everything"
SPEEDS = {"": NAME, "baseline_": "baseline", "campaign_": "campaign", "everything_": EVERYTHING}
LARGE = 100_000
"""Households of the larger village in which speeds are measured; the other is the default village."""
SPEED = "household_weeks_per_second_per_core"
ROUNDS, REPEATS = 10, 4
Figures = dict[str, Any]
Spread = dict[str, list[float]]


def scenario_of(name: str, households: int | None = None) -> Any:
    """Return a scenario, with a village of this size (the default one if None)."""
    if households is None:
        return load_scenario(name, [])
    sizes = {"households": households, "party_members": households // 12, "volunteers": households // 100}
    return load_scenario(name, [{f"village.{key}": value for key, value in sizes.items()}])


def district_of(households: int) -> Any:
    """Return every intervention at once in a district of default villages, of at least this many households in all."""
    village = load_scenario(EVERYTHING, []).villages[0]
    copies = -(-households // village.households)
    villages = tuple(village.model_copy(update={"name": f"village-{k}"}) for k in range(1, copies + 1))
    return load_scenario(EVERYTHING, []).model_copy(update={"villages": villages})


def seconds_of(scenario: Any, replicate: int, weeks: int) -> float:
    """Return the processor seconds of the weekly loop alone, so that other work on the machine counts little."""
    simulation = Simulation(scenario, 1, replicate, weeks=weeks)
    start = time.thread_time()
    simulation.advance(weeks)
    return time.thread_time() - start


def speeds_of(scenario: Any, repeats: int) -> list[float]:
    """Return household-weeks a second of 104 weeks on one core."""
    households = sum(village.households for village in scenario.villages)
    return [households * 104 / seconds_of(scenario, r, 104) for r in range(repeats)]


def batch_seconds(replicates: int) -> float:
    """Return the seconds of 104 weeks of these replicates on two threads."""
    scenario = scenario_of(NAME)

    def run(replicate: int) -> None:
        Simulation(scenario, 1, replicate, weeks=104).advance(104)

    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(replicates)))
    return time.perf_counter() - start


def scaling_ratio(large: int, replicate: int) -> float:
    """Return the ratio of the cost of a household-week in a large village to that in one of 10,000, over the same year.

    The small one runs before and after the large one.
    """
    small, size, weeks, runs = scenario_of(NAME, 10_000), 10_000, 52, 6
    before = [seconds_of(small, run, weeks) for run in range(runs)]
    cost = seconds_of(scenario_of(NAME, large), replicate, weeks) / large
    after = [seconds_of(small, run, weeks) for run in range(runs)]
    return cost / (statistics.median(before + after) / size)


def on_one_core(quick: bool) -> tuple[Figures, Spread]:
    """Measure what needs one core; return the figures and, of those measured repeatedly, every value."""
    first = Simulation(scenario_of(NAME), 1, 0, weeks=104)
    first.advance(1)  # compiles, or loads the cache
    large, households = (300_000, 100_000) if quick else (1_000_000, 1_000_000)
    spread: Spread = {f"{key}{SPEED}{size}": [] for size in ("", "_100k") for key in SPEEDS} | {"scaling_ratio": []}
    for turn in range(ROUNDS):  # in turn, so that a slow minute of the machine doesn't hit one of them alone
        for key, name in SPEEDS.items():
            spread[f"{key}{SPEED}"] += speeds_of(scenario_of(name), REPEATS)
            if turn % 5 == 0:
                spread[f"{key}{SPEED}_100k"] += speeds_of(scenario_of(name, LARGE), 1)
        if turn % 2 == 0:
            spread["scaling_ratio"].append(scaling_ratio(large, turn))
    spread["district_seconds"] = [seconds_of(district_of(households), 0, 52)]
    # The best of several, because other work can only slow a run down; of the paired ratios the median.
    figures: Figures = {name: max(x) if "per_second" in name else min(x) for name, x in spread.items()}
    figures["scaling_ratio"] = statistics.median(spread["scaling_ratio"])
    figures |= {
        "bytes_per_household": first.state.bytes_per_household(),
        "scaling_households": large,
        "district_households": households,
    }
    return figures, spread


def on_two_cores(quick: bool) -> tuple[Figures, Spread]:
    """Measure the batch, scaled to 1,000 replicates."""
    replicates = 100 if quick else 1_000
    spread = {"batch_seconds": [batch_seconds(replicates) * 1_000 / replicates for _ in range(1 if quick else 3)]}
    return {"batch_seconds": min(spread["batch_seconds"]), "batch_replicates": replicates}, spread
