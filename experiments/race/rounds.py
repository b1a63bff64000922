"""Rounds: entrants and the engine in turn, pair by pair, and what comes of the pairs.

In a round each entrant's run is followed or preceded by the engine's, on the same problem and for the same weeks, so that
what slows the machine slows both; the ratio is taken within the pair. Seconds are those of processors that the process
itself used, with all its threads, so that other work on the machine counts as little as possible.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .driver import Driver, RaceError
from .entrants import ENGINE, Entrant, Turn
from .problem import Answer, Problem, draw, solve, write

SHORTEST = 0.05
"""Seconds: a measurement repeats a run until it takes at least about as long."""
TOGETHER = 100_000
"""Households up to which all entrants are kept in memory and race in one field; beyond, one after the other."""
WARM = (12, 11)
"""Rows and columns of the problem on which entrants warm up, which lets those that compile do so."""


@dataclass
class Result:
    """What came of an entrant at a size; seconds are of processors, those of a run by pair.

    ratios : seconds of the entrant by seconds of the engine, by pair. wall : seconds on the wall of the entrant's runs.
    """

    entrant: Entrant
    version: str
    households: int
    turn: Turn
    setup: float
    engine_setup: float
    seconds: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    engine_seconds: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        return [a / b for a, b in zip(self.seconds, self.engine_seconds, strict=True)]

    def speed(self, seconds: Sequence[float]) -> float:
        """Return household-weeks a second at the median of these seconds."""
        return self.households * self.turn.weeks / statistics.median(seconds)


def interval(ratios: Sequence[float]) -> tuple[float, float, float] | None:
    """Return the median and its 95 % bootstrap interval (percentiles, of 2,000 resamples); None with one ratio or none.

    With few pairs the interval spans their range and hardly more can be said.
    """
    import numpy as np
    from scipy.stats import bootstrap

    if len(ratios) < 2:
        return None
    found = bootstrap(
        (np.array(ratios),), np.median, n_resamples=2_000, method="percentile", rng=np.random.default_rng(1)
    )  # fmt: skip
    return statistics.median(ratios), float(found.confidence_interval.low), float(found.confidence_interval.high)


def check(driver: Driver, adopters: Sequence[int], answer: Answer) -> None:
    """Hold an entrant to the answer.

    Raises
    ------
    RaceError : it gave another number of adopters in some week.
    """
    for week, (given, right) in enumerate(zip(adopters, answer.adopters, strict=False), start=1):
        if given != right:
            raise RaceError(f"{driver.entrant.name}: {given} adopters at the end of week {week}, not {right}")


def measure(driver: Driver, weeks: int, repeats: int, answer: Answer) -> dict[str, Any]:
    """Let an entrant run and hold it to the answer; return what the worker gives, see `race.worker`."""
    run = driver.order("run", weeks=weeks, repeats=repeats)
    if len(run["adopters"]) != weeks:
        raise RaceError(f"{driver.entrant.name} ran {len(run['adopters'])} weeks, not {weeks}")
    check(driver, run["adopters"], answer)
    return run


def repeats_for(driver: Driver, weeks: int, answer: Answer) -> int:
    """Return how often to repeat a run in a measurement, from one run that isn't counted."""
    return max(1, math.ceil(SHORTEST / max(1e-6, measure(driver, weeks, 1, answer)["cpu"])))


class Course:
    """A problem in a file with its answer, and a small one on which entrants warm up."""

    def __init__(self, rows: int, columns: int, weeks: int, seed: int, folder: Path) -> None:
        self.problem: Problem = draw(rows, columns, weeks, seed)
        self.answer = solve(self.problem, weeks)
        self.file = folder / f"problem-{rows}x{columns}.npz"
        write(self.problem, self.file)
        warm = draw(*WARM, weeks, seed)
        self.warm_answer = solve(warm, weeks)
        self.warm_file = folder / "warm.npz"
        write(warm, self.warm_file)

    def prepare(self, driver: Driver, weeks: int) -> float:
        """Let an entrant warm up and build the model; return the seconds of building."""
        driver.build(self.warm_file)
        measure(driver, weeks, 1, self.warm_answer)
        return driver.build(self.file)


def race(course: Course, turns: Iterable[tuple[Entrant, Turn]]) -> list[Result]:
    """Let entrants race on a course; a list with a result for each, in their order.

    Raises
    ------
    RaceError : an entrant isn't installed, breaks down or gives a wrong answer.
    """
    field_ = list(turns)
    heats = [field_] if course.problem.households <= TOGETHER else [[one] for one in field_]
    results: list[Result] = []
    with Driver(ENGINE) as engine:
        engine_setup = course.prepare(engine, len(course.problem.visits))
        for heat in heats:
            results += _heat(course, heat, engine, engine_setup)
    return results


def _heat(course: Course, heat: list[tuple[Entrant, Turn]], engine: Driver, engine_setup: float) -> list[Result]:
    results: list[Result] = []
    with ExitStack() as stack:
        drivers, repeats = [], []
        for entrant, turn in heat:
            driver = stack.enter_context(Driver(entrant))
            setup = course.prepare(driver, turn.weeks)
            drivers.append(driver)
            # A slow entrant's one run is long enough, and its first is counted: there is nothing left to warm.
            quick = turn.rounds >= 7
            repeats.append(
                (repeats_for(driver, turn.weeks, course.answer) if quick else 1,
                 repeats_for(engine, turn.weeks, course.answer))
            )  # fmt: skip
            results.append(
                Result(entrant, driver.version, course.problem.households, turn, setup, engine_setup)
            )  # fmt: skip
        for number in range(max(turn.rounds for _, turn in heat)):
            for driver, (own, engines), result in zip(drivers, repeats, results, strict=True):
                if number < result.turn.rounds:
                    _pair(course, driver, own, engine, engines, result, engine_first=number % 2 == 1)
    return results


def _pair(
    course: Course, driver: Driver, own: int, engine: Driver, engines: int, result: Result, engine_first: bool
) -> None:
    """Measure a pair, now this one first, now that one."""
    runs = [(driver, own), (engine, engines)]
    found = {}
    for one, repeats in reversed(runs) if engine_first else runs:
        found[one.entrant.name] = measure(one, result.turn.weeks, repeats, course.answer)
    result.seconds.append(found[driver.entrant.name]["cpu"])
    result.wall.append(found[driver.entrant.name]["wall"])
    result.engine_seconds.append(found[ENGINE.name]["cpu"])
