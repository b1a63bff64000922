"""The whole model: this engine against its twin in `tests/oracle`, with one Python object per agent, on one core.

Pairs in turn, with the same scenario, seed and weeks; after each pair both must have the same adopted households. Building
isn't timed. The twin's files are part of the tests; without them the ratio is None.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from race.driver import RaceError
from race.rounds import interval

from sim.engine.simulation import Simulation
from sim.engine.world.columns import HELPING, RUNG

from .engine import NAME, scenario_of

TESTS = Path(__file__).resolve().parents[2] / "tests"


class Size(NamedTuple):
    """A comparison: its key in the JSON, households (None: the default village), weeks and pairs."""

    key: str
    households: int | None
    weeks: int
    pairs: int


SIZES = (Size("engine_vs_twin_village", None, 52, 5), Size("engine_vs_twin_100k", 100_000, 4, 3))
QUICK = {"engine_vs_twin_village": Size("engine_vs_twin_village", None, 8, 3)}
"""The quick benchmark leaves the large village out: building the twin alone takes too long."""
SHORTEST = 0.05
"""Seconds: the engine's part of a pair is repeated until it takes about this long."""


def has_twin() -> bool:
    """Return whether the twin's files exist, and make them importable."""
    if str(TESTS) not in sys.path:
        sys.path.append(str(TESTS))
    return importlib.util.find_spec("oracle") is not None


def engine_seconds(scenario: Any, replicate: int, weeks: int) -> tuple[float, int]:
    """Return the processor seconds of the engine's weeks, averaged over enough runs, and the adopted households."""
    total, runs = 0.0, 0
    while total < SHORTEST:
        simulation = Simulation(scenario, 1, replicate, weeks=weeks)
        start = time.process_time()
        simulation.advance(weeks)
        total += time.process_time() - start
        runs += 1
    return total / runs, int((simulation.state.u8[RUNG] >= HELPING).sum())


def twin_seconds(scenario: Any, replicate: int, weeks: int) -> tuple[float, int]:
    """Return the processor seconds of the twin's weeks, and the adopted households."""
    from oracle.model import Town

    town = Town(scenario, 1, replicate)
    start = time.process_time()
    for _ in range(weeks):
        town.step()
    seconds = time.process_time() - start
    return seconds, sum(round(village.adopted_share * len(village.households)) for village in town.villages)


def ratios(size: Size) -> list[float]:
    """Return the twin's seconds divided by the engine's, pair by pair.

    Raises
    ------
    RaceError : the two differ in the number of adopted households.
    """
    scenario = scenario_of(NAME, size.households)
    engine_seconds(scenario, 0, size.weeks)  # compiles, or loads the cache
    pairs = []
    for replicate in range(size.pairs):
        fast, adopted = engine_seconds(scenario, replicate, size.weeks)
        slow, adopted_by_twin = twin_seconds(scenario, replicate, size.weeks)
        if adopted != adopted_by_twin:
            raise RaceError(f"the twin has {adopted_by_twin} adopted households, the engine {adopted}")
        pairs.append(slow / fast)
    return pairs


def against_twin(quick: bool) -> dict[str, Any]:
    """Return the median ratio and its interval by key, with weeks and pairs; None for what isn't measured."""
    report: dict[str, Any] = {}
    for full in SIZES:
        size = QUICK.get(full.key) if quick else full
        if size is None or not has_twin():
            report[full.key] = None
            continue
        pairs = ratios(size)
        report[size.key], low, high = interval(pairs)
        report[f"{size.key}_detail"] = {"low": low, "high": high, "weeks": size.weeks, "pairs": size.pairs}
    return report
