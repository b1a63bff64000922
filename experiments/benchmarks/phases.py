"""A week phase by phase from Python: the functions and columns of `sim.engine.week.advance`, one call at a time."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import sim.engine.week
from sim.base.arrays import F64, I64
from sim.compiler.compiled import entry
from sim.engine.mechanisms.blocks import make_room
from sim.engine.mechanisms.observation import observe
from sim.engine.programme import Now, Programme, make_now
from sim.engine.simulation import Simulation
from sim.engine.tallies import row
from sim.engine.week import PHASES
from sim.engine.world.columns import State

NAMES = tuple(name for name, _ in PHASES if name != "observe")
"""The phases except the last, which only enters villages into the record."""
Call = Callable[[str, list[Any]], Any]
"""Calls the phase of this name with these arguments and returns what it returns."""


def dispatcher(name: str) -> Any:
    """Return a phase as the engine compiles it; Python can't call it."""
    return getattr(sim.engine.week, name)


def arguments_of(name: str) -> list[str]:
    """Return the names of a phase's parameters; `advance` has a variable of the same name for each of them."""
    return list(inspect.signature(dispatcher(name).py_func).parameters)


def prepared(function: Any, *arguments: Any) -> Callable[[], Any]:
    """Return the call of an entry with these arguments; their types are looked up now."""
    call_with, words = function.prepare(arguments)

    def call(arguments: tuple[Any, ...] = arguments) -> Any:  # they must outlive the words, which hold their addresses
        return call_with(words)

    return call


class CompiledPhases:
    """The phases compiled a second time, callable from Python; kept in the engine's cache."""

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {name: entry(dispatcher(name).py_func) for name in NAMES}

    def prepared(self, name: str, arguments: list[Any]) -> Callable[[], Any]:
        """Return the call of a phase, without looking up its arguments' types, which takes longer than some phases."""
        return prepared(self.entries[name], *arguments)

    def __call__(self, name: str, arguments: list[Any]) -> Any:
        """Call a phase."""
        return self.prepared(name, arguments)()


def run_week(simulation: Simulation, call: Call, state: State, parameters: Any) -> None:
    """Run the simulation's next week, each phase by `call`.

    state, parameters : the simulation's, or something else that reads and writes its numbers.
    """
    week, s = simulation.week, simulation.state
    have = {
        "s": state, "p": parameters, "programme": simulation.programme, "week": week,
        "shares": np.zeros(s.village_i64.shape[1]), "now": make_now(simulation.programme),
        "room": make_room(s.households),
    }  # fmt: skip

    def run(name: str) -> Any:
        return call(name, [have[argument] for argument in arguments_of(name)])

    run(NAMES[0])
    for v in range(s.village_i64.shape[1]):
        count, total = simulation.counts[week, v], simulation.totals[week, v]
        before = simulation.counts[week - 1, v] if week > 0 else np.zeros_like(count)
        have |= {"v": v, "count": count, "total": total, "consenting": int(before[row("consenting")])}
        for name in NAMES[1:]:
            result = run(name)
            if name == "call":
                have["by_volunteers"] = result
        record(s, v, int(before[row("reached")]), count, total)
    simulation.week += 1


@entry
def record(s: State, v: int, reached: int, count: I64, total: F64) -> None:
    """Enter a village into the week's record."""
    observe(s, v, reached, count, total)


def differences(one: Simulation, other: Simulation) -> list[str]:
    """Return the names of the state arrays and records in which two simulations differ in any bit."""
    pairs = [*zip(one.state._fields, one.state, other.state, strict=True),
             ("counts", one.counts, other.counts), ("totals", one.totals, other.totals)]  # fmt: skip
    return [name for name, a, b in pairs if a.tobytes() != b.tobytes()]


@entry
def nothing(s: State, programme: Programme, now: Now, week: int, v: int) -> None:
    """Do nothing: measures the cost of calling a phase from Python."""


@entry
def nothing_with_parameters(s: State, p: Any, now: Now, week: int, v: int) -> None:
    """Do nothing, with the arguments of phases that look up parameters."""


def calling_seconds(simulation: Simulation) -> dict[str, float]:
    """Return the seconds by phase of a call that does nothing."""
    s, now = simulation.state, make_now(simulation.programme)
    quickest = []
    for function, middle in ((nothing, simulation.programme), (nothing_with_parameters, simulation.parameters[0])):
        call = prepared(function, s, middle, now, 0, 0)
        spent = []
        for _ in range(200):
            start = time.process_time()
            call()
            spent.append(time.process_time() - start)
        quickest.append(min(spent))
    return {name: quickest["p" in arguments_of(name)] for name in NAMES}


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

            run_week(stepwise, call, stepwise.state, stepwise.parameters[0])
            start = time.process_time()
            whole.advance()
            seconds = [*spent.values(), time.process_time() - start]
            best[:, week] = np.minimum(best[:, week], seconds)
        assert not differences(stepwise, whole), differences(stepwise, whole)
    phases_alone = {
        name: max(0.0, float(seconds.sum()) - weeks * calling[name])
        for name, seconds in zip(NAMES, best[:-1], strict=True)
    }
    idle = Simulation(scenario, 1, 0, weeks)
    spent = []
    for _ in range(200):
        start = time.process_time()
        idle.advance(0)
        spent.append(time.process_time() - start)
    return phases_alone, float(best[-1].sum()) - weeks * min(spent)
