"""A week phase by phase from Python: one call at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.compiler.compiled import entry
from sim.engine.mechanisms.blocks import Scratch, make_scratch
from sim.engine.mechanisms.observation import observe
from sim.engine.now import Week, make_now
from sim.engine.simulation import Simulation
from sim.engine.week import OPENING, PHASES, name_of
from sim.engine.world.columns import State

DISPATCHERS: dict[str, Any] = {name_of(phase): phase for phase, _ in (*OPENING, *PHASES) if phase is not observe}
"""The phases as the engine compiles them, which Python can't call; without the last, which only enters villages into the
record."""
NAMES = tuple(DISPATCHERS)
Call = Callable[[str, list[Any]], Any]
"""Calls the phase of this name with these arguments."""


def prepared(function: Any, *arguments: Any) -> Callable[[], Any]:
    """Return the call of an entry with these arguments; their types are looked up now."""
    call_with, words = function.prepare(arguments)

    def call(arguments: tuple[Any, ...] = arguments) -> Any:  # they must outlive the words, which hold their addresses
        return call_with(words)

    return call


class CompiledPhases:
    """The phases compiled a second time, callable from Python; kept in the engine's cache."""

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {name: entry(phase.py_func) for name, phase in DISPATCHERS.items()}

    def prepared(self, name: str, arguments: list[Any]) -> Callable[[], Any]:
        """Return the call of a phase, without looking up its arguments' types, which takes longer than some phases."""
        return prepared(self.entries[name], *arguments)

    def __call__(self, name: str, arguments: list[Any]) -> Any:
        """Call a phase."""
        return self.prepared(name, arguments)()


def run_week(simulation: Simulation, call: Call, state: State) -> None:
    """Run the simulation's next week, each phase by `call`.

    state : the simulation's, or something else that reads and writes its numbers.
    """
    now, room = make_now(simulation.programme), make_scratch(simulation.state.households)
    for v in range(simulation.state.village_i64.shape[1]):
        week = Week(simulation.parameters, simulation.programme, now, simulation.record, simulation.week, v)
        for name in NAMES if v == 0 else NAMES[len(OPENING) :]:
            call(name, [state, week, room])
        record(simulation.state, week, room)
    simulation.week += 1


@entry
def record(s: State, w: Week, room: Scratch) -> None:
    """Enter a village into the week's record."""
    observe(s, w, room)


def differences(one: Simulation, other: Simulation) -> list[str]:
    """Return the names of the state arrays and records in which two simulations differ in any bit."""
    pairs = [*zip(one.state._fields, one.state, other.state, strict=True),
             ("counts", one.counts, other.counts), ("totals", one.totals, other.totals)]  # fmt: skip
    return [name for name, a, b in pairs if a.tobytes() != b.tobytes()]


@entry
def nothing(s: State, w: Week, room: Scratch) -> None:
    """Do nothing: measures the cost of calling a phase from Python."""


def calling_seconds(simulation: Simulation) -> float:
    """Return the seconds of a call that does nothing."""
    week = Week(simulation.parameters, simulation.programme, make_now(simulation.programme), simulation.record, 0, 0)
    call = prepared(nothing, simulation.state, week, make_scratch(simulation.state.households))
    spent = []
    for _ in range(200):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return min(spent)


def seconds_by_phase(scenario: Any, weeks: int, repeats: int, phases: CompiledPhases) -> tuple[dict[str, float], float]:
    """Return the processor seconds of each phase over all weeks, minus those of calling it from Python, and those of
    `advance` itself over the same weeks.

    Every repeat runs the same weeks again, and the quickest time of each phase and week counts, because other work can
    only slow a run down.

    Raises
    ------
    AssertionError : the results of the phases run one by one differ from those of `advance` in any bit.
    """
    calling = calling_seconds(Simulation(scenario, 1, 0, weeks))
    best = np.full((len(NAMES) + 1, weeks), np.inf)
    for _ in range(repeats):
        stepwise, whole = Simulation(scenario, 1, 0, weeks), Simulation(scenario, 1, 0, weeks)
        for week in range(weeks):
            spent = dict.fromkeys(NAMES, 0.0)

            def call(name: str, arguments: list[Any], spent: dict[str, float] = spent) -> Any:
                prepared = phases.prepared(name, arguments)
                start = time.process_time()
                result = prepared()
                spent[name] += time.process_time() - start
                return result

            run_week(stepwise, call, stepwise.state)
            start = time.process_time()
            whole.advance()
            seconds = [*spent.values(), time.process_time() - start]
            best[:, week] = np.minimum(best[:, week], seconds)
        assert not differences(stepwise, whole), differences(stepwise, whole)
    phases_alone = {
        name: max(0.0, float(seconds.sum()) - weeks * calling) for name, seconds in zip(NAMES, best[:-1], strict=True)
    }
    idle = Simulation(scenario, 1, 0, weeks)
    spent = []
    for _ in range(200):
        start = time.process_time()
        idle.advance(0)
        spent.append(time.process_time() - start)
    return phases_alone, float(best[-1].sum()) - weeks * min(spent)
