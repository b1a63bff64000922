"""Call from Python functions that the engine compiles only for its own use: these have no wrapper for Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import numpy as np

from sim.compiler.compiled import entry
from sim.engine.mechanisms.blocks import make_scratch
from sim.engine.now import Week, make_now
from sim.engine.simulation import Simulation
from sim.numerics import draws

Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def from_python(function: Function) -> Function:
    """Return a compiled function with a wrapper, so that tests can call it."""
    source: Any = function
    result: Function = entry(source.py_func)
    return result


def week_of(simulation: Simulation, number: int = 0, v: int = 0) -> Week:
    """Return a week of a village, without any intervention and with keys of draws that are the same every time."""
    now = make_now(simulation.programme)
    now.keys[:, draws.FIRST_WEEKLY :] = np.arange(2 * (draws.CHANNELS - draws.FIRST_WEEKLY)).reshape(2, -1)
    return Week(simulation.parameters, simulation.programme, now, simulation.record, number, v)


def run_phase(phase: Any, simulation: Simulation, week: Week) -> None:
    """Run one phase of a village's week."""
    from_python(phase)(simulation.state, week, make_scratch(simulation.state.households))
