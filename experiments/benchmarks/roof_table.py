"""The roofline's table: for each phase its time, what it moved and did, and the least time this machine needs for it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.engine.simulation import Simulation

from .counting import OPERATIONS, Counted, count_weeks
from .engine import EVERYTHING, NAME, scenario_of
from .kernels import bandwidth, operation_seconds
from .phases import CompiledPhases, seconds_by_phase

SCENARIOS = ("baseline", NAME, EVERYTHING)
HOUSEHOLDS = 100_000
WEEKS = 52
COUNTED_WEEKS = (6, 19, 32, 45)
"""The middle weeks of four quarters; between them they cover each week of the four-week cycle of disputes."""
ALL, ADVANCE = "all phases", "advance"
CACHED, MEMORY = 2**18, 2**28
"""Bytes: a default village's columns, which stay in the core's own cache, and what fits in no cache."""


def limits(state: Any, parameters: Any) -> dict[str, Any]:
    """Return what the machine can do: bytes a second by size, and nanoseconds an operation."""
    size = sum(array.nbytes for array in state)
    return {
        "bandwidth": {
            "cached": {"bytes": CACHED, "bytes_per_second": bandwidth(CACHED)},
            "village": {"bytes": size, "bytes_per_second": bandwidth(size)},
            "memory": {"bytes": MEMORY, "bytes_per_second": bandwidth(MEMORY)},
        },
        "operation_ns": {name: 1e9 * seconds for name, seconds in operation_seconds(state, parameters).items()},
    }


def row_of(scenario: str, phase: str, ns: float, counted: Counted, limit: dict[str, Any]) -> dict[str, Any]:
    """Return a phase's row: all numbers are per household-week.

    ns : nanoseconds. counted : over `COUNTED_WEEKS`. limit : see `limits`.
    """
    household_weeks = HOUSEHOLDS * len(COUNTED_WEEKS)
    done = {name: counted.operations[name] / household_weeks for name in OPERATIONS}
    lines = counted.touched.lines / household_weeks
    moving = 1e9 * lines / limit["bandwidth"]["village"]["bytes_per_second"]
    working = sum(done[name] * limit["operation_ns"][name] for name in OPERATIONS)
    return {
        "scenario": scenario, "phase": phase, "ns": ns, "draws": done["draw"] + done["draw_alone"],
        "exponentials": done["exp"], "bytes": counted.touched.elements / household_weeks, "bytes_in_lines": lines,
        "bytes_of_columns": counted.touched.columns / household_weeks, "moving_ns": moving, "working_ns": working,
        "roof_ns": max(moving, working), "reached": max(moving, working) / ns if ns > 0 else None,
    }  # fmt: skip


def table() -> tuple[pd.DataFrame, dict[str, Any]]:
    """Measure and count everything; return the table, one row per scenario and phase, and the machine's limits."""
    example = Simulation(scenario_of(EVERYTHING, HOUSEHOLDS), 1, 0, 26)
    example.advance(26)
    limit = limits(example.state, example.parameters)
    phases = CompiledPhases()
    rows: list[dict[str, Any]] = []
    for name in SCENARIOS:
        scenario = scenario_of(name, HOUSEHOLDS)
        seconds, whole = seconds_by_phase(scenario, WEEKS, 5, phases)
        counted = count_weeks(scenario, COUNTED_WEEKS)
        scale = 1e9 / (HOUSEHOLDS * WEEKS)
        of_scenario = [row_of(name, phase, scale * seconds[phase], counted[phase], limit) for phase in seconds]
        summed = pd.DataFrame(of_scenario).drop(columns=["scenario", "phase", "reached"]).sum().to_dict()
        for phase, ns in ((ALL, summed["ns"]), (ADVANCE, scale * whole)):
            of_scenario.append(
                {"scenario": name, "phase": phase, **summed, "ns": ns, "reached": summed["roof_ns"] / ns}
            )  # fmt: skip
        rows += of_scenario
    return pd.DataFrame(rows), limit
