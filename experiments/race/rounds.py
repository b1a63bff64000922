"""Rounds: entrants and the engine in turn, pair by pair, and the pairs' ratios.

In a round each entrant's run is followed or preceded by the engine's, on the same problem and for the same weeks, so that
whatever slows the machine slows both; the ratio is taken within the pair. Seconds are processor time of the process with
all its threads, so that other work on the machine counts as little as possible.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
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
"""Rows and columns of the problem on which entrants warm up first, which lets those that compile do so."""


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


def interval(ratios: Sequence[float]) -> tuple[float, float | None, float | None]:
    """Return the median of ratios and its 95 % interval; None for its ends with fewer than six ratios.

    The ends are the innermost two of the ratios between which the median lies with at least 95 %: each ratio is above it
    or below it with an even chance, whatever their distribution. Five ratios are all on one side in 6 % of cases.
    """
    import numpy as np
    from scipy.special import bdtr

    n = len(ratios)
    outside = int(np.searchsorted(bdtr(np.arange(n), n, 0.5), 0.025, side="right"))
    low, high = (sorted(ratios)[outside - 1], sorted(ratios)[n - outside]) if outside else (None, None)
    return statistics.median(ratios), low, high


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


class Racer:
    """An entrant that is ready to race on a course: its worker is under way, warm, and has built the model."""

    def __init__(self, course: Course, entrant: Entrant, turn: Turn) -> None:
        self.course, self.turn = course, turn
        self.driver = Driver(entrant)
        self.driver.build(course.warm_file)
        measure(self.driver, turn.weeks, 1, course.warm_answer)
        self.setup = self.driver.build(course.file)
        # What a library looks up once and keeps, as Mesa's cells do their neighbourhoods, is not part of the loop.
        week = measure(self.driver, 1, 1, course.answer)["cpu"]
        self.repeats = 1 if week * turn.weeks > SHORTEST else self.repeats_for(turn.weeks)

    def measure(self, weeks: int, repeats: int) -> dict[str, Any]:
        """Let the entrant run on the course, see `measure`."""
        return measure(self.driver, weeks, repeats, self.course.answer)

    def repeats_for(self, weeks: int) -> int:
        """Return how often to repeat a run in a measurement, from one run that isn't counted."""
        return max(1, math.ceil(SHORTEST / max(1e-6, self.measure(weeks, 1)["cpu"])))


class Heat:
    """Entrants that race in one field, and the engine; a context that ends their workers.

    They get ready in the executor's threads, beginning at once. coming : what to wait for before the heat.
    """

    def __init__(self, course: Course, turns: Iterable[tuple[Entrant, Turn]], executor: Executor) -> None:
        self.course = course
        self._engine = executor.submit(Racer, course, ENGINE, Turn(len(course.problem.visits), 1))
        self._field = [executor.submit(Racer, course, entrant, turn) for entrant, turn in turns]
        self.coming = [self._engine, *self._field]

    def __enter__(self) -> Heat:
        return self

    def __exit__(self, *error: object) -> None:
        for coming in self.coming:
            if not coming.cancel() and coming.exception() is None:
                coming.result().driver.end()

    def run(self) -> list[Result]:
        """Race when all are ready; return a result for each entrant, in their order.

        Raises
        ------
        RaceError : an entrant isn't installed, breaks down or gives a wrong answer.
        """
        engine, field_ = self._engine.result(), [coming.result() for coming in self._field]
        results = [
            Result(racer.driver.entrant, racer.driver.version, self.course.problem.households, racer.turn, racer.setup,
                   engine.setup)
            for racer in field_
        ]  # fmt: skip
        repeats = [engine.repeats_for(racer.turn.weeks) for racer in field_]
        for number in range(max(racer.turn.rounds for racer in field_)):
            for racer, engines, result in zip(field_, repeats, results, strict=True):
                if number < racer.turn.rounds:
                    _pair(racer, engine, engines, result, engine_first=number % 2 == 1)
        return results


def heats(course: Course, turns: Sequence[tuple[Entrant, Turn]], executor: Executor) -> Iterator[Heat]:
    """Give the heats of a course one after the other: one of all entrants, or on a large one a heat for each."""
    for field_ in [turns] if course.problem.households <= TOGETHER else [[one] for one in turns]:
        yield Heat(course, field_, executor)


def _pair(racer: Racer, engine: Racer, engines: int, result: Result, engine_first: bool) -> None:
    """Measure a pair, now this one first, now that one; `engines` is how often the engine's run is repeated."""
    runs = [(racer, racer.repeats), (engine, engines)]
    found = {}
    for one, repeats in reversed(runs) if engine_first else runs:
        found[one] = one.measure(racer.turn.weeks, repeats)
    result.seconds.append(found[racer]["cpu"])
    result.wall.append(found[racer]["wall"])
    result.engine_seconds.append(found[engine]["cpu"])
