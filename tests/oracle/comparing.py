"""Hold the engine to the twin: every state variable of every household, plot, list, caller and village, week by week.

Values are compared as they are; nothing is rounded and there is no tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from oracle import declared_outcomes, engine_values, twin_values
from oracle.model import Town
from sim.engine.programme import choosers
from sim.engine.simulation import Simulation
from sim.runs.single import result_of
from sim.scenario import Scenario

Values = dict[str, list[Any]]
PARTS = ("households", "plots", "lists", "callers", "village")


class Pair:
    """An engine's run and the twin's of one scenario, side by side."""

    def __init__(self, scenario: Scenario, seed: int = 0, replicate: int = 0, weeks: int | None = None) -> None:
        self.engine = Simulation(scenario, seed, replicate, weeks)
        self.twin = Town(scenario, seed, replicate)
        self.rows: list[dict[str, dict[str, float]]] = []
        # The twin numbers choices as the scenario does; the engine has a bit for each.
        self.bits = {
            number: chooser.bit
            for number, choice in enumerate(self.twin.programme.choices)
            for chooser in choosers(scenario)
            if (chooser.name, chooser.who) == (choice.lever, choice.who)
        }

    def step(self) -> None:
        """Run both a week on."""
        self.engine.advance(1)
        self.twin.step()
        self.rows.append(declared_outcomes.weekly(self.twin))

    def differences(self) -> Iterator[str]:
        """Yield a line for each thing that differs now."""
        parts = (*PARTS, "record") if self.twin.week else PARTS
        for v, village in enumerate(self.twin.villages):
            for part in parts:
                engine = getattr(engine_values, part)(self.engine, v)
                twin = getattr(twin_values, part)(village, self.bits)
                yield from compared(f"week {self.twin.week - 1}, {village.name}", engine, twin)

    def outcome_differences(self) -> Iterator[str]:
        """Yield a line for each outcome, weekly or of the run so far, that differs."""
        result = result_of(self.engine)
        columns = {name: values.tolist() for name, values in result.columns.items()}
        for k, (week, group) in enumerate(zip(columns["week"], columns["group"], strict=True)):
            told = {name: values[k] for name, values in columns.items() if name not in ("week", "group")}
            yield from compared(f"week {week}, {group}", *as_lists(told, self.rows[week][group]))
        yield from compared("the run", *as_lists(result.totals, declared_outcomes.totals(self.twin, self.rows)))


def as_lists(engine: dict[str, float], twin: dict[str, float]) -> tuple[Values, Values]:
    """Return outcomes to compare: NaN as a word that equals itself, and the twin's NaN for what it doesn't tell by group."""

    def listed(value: float) -> list[Any]:
        return ["nan" if value != value else value]

    return {name: listed(v) for name, v in engine.items()}, {name: listed(twin.get(name, math.nan)) for name in engine}


def compared(where: str, engine: Values, twin: Values) -> Iterator[str]:
    """Yield a line for each value that differs; the first place of each."""
    assert engine.keys() == twin.keys(), engine.keys() ^ twin.keys()
    for name, values in engine.items():
        others = twin[name]
        if len(values) != len(others):
            yield f"{where}: {name}: the engine has {len(values)}, the twin {len(others)}"
        elif values != others:
            at = next(k for k, (one, other) in enumerate(zip(values, others, strict=True)) if one != other)
            yield f"{where}: {name}[{at}]: the engine has {values[at]!r}, the twin {others[at]!r}"


def first_differences(scenario: Scenario, weeks: int, seed: int = 0, replicate: int = 0) -> list[str]:
    """Run both for some weeks; return what differs at the start or in the first week in which anything does."""
    pair = Pair(scenario, seed, replicate, weeks)
    found = list(pair.differences())
    while not found and pair.twin.week < weeks:
        pair.step()
        found = list(pair.differences())
    if not found and weeks:
        found = list(pair.outcome_differences())
    return found
