"""The batch: a thousand replicates on two threads by this engine, against Mesa one after the other.

Both build and run every replicate; the problems are drawn beforehand. In a round Mesa runs only the first few of the same
replicates, and its seconds are scaled up to a thousand, as are the engine's in the quick benchmark; the result says how
many each ran. Seconds are of the wall clock, because the engine uses two cores here.
"""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from .driver import Driver, RaceError
from .entrants import ENGINE, PEERS, WEEKS
from .problem import Answer, draw, solve, write

ROWS, COLUMNS = 40, 50
REPLICATES = 1_000
THREADS = 2


class Batch:
    """The problems and the two entrants; a context that ends their workers.

    Everything is prepared in the executor's threads, beginning at once. coming : futures to wait for before the race.
    """

    def __init__(
        self, rounds: int, replicates: int, replicates_of_mesa: int, folder: Path, executor: Executor
    ) -> None:  # fmt: skip
        mesa = next(peer for peer in PEERS if peer.name == "mesa")
        self.rounds, self.replicates = rounds, {"mesa": replicates_of_mesa, "engine": replicates}
        self._drivers = {entrant.name: executor.submit(Driver, entrant) for entrant in (mesa, ENGINE)}
        self._problems = executor.submit(_problems, replicates, folder)
        self.coming = [*self._drivers.values(), self._problems]

    def __enter__(self) -> Batch:
        return self

    def __exit__(self, *error: object) -> None:
        for coming in self._drivers.values():
            if not coming.cancel() and coming.exception() is None:
                coming.result().end()

    def run(self) -> dict[str, Any]:
        """Race.

        Returns
        -------
        dict of mesa_seconds and engine_seconds by round, scaled to a thousand replicates, and how many each ran.

        Raises
        ------
        RaceError : an answer is wrong.
        """
        files, answers = self._problems.result()
        drivers = {name: coming.result() for name, coming in self._drivers.items()}
        seconds: dict[str, list[float]] = {"mesa": [], "engine": []}
        _replicates(drivers["engine"], files[:2], answers, THREADS)  # compiles
        for number in range(self.rounds):
            order = (("mesa", 1), ("engine", THREADS))
            for name, threads in order if number % 2 == 0 else reversed(order):
                problems = files[: self.replicates[name]]
                wall = _replicates(drivers[name], problems, answers, threads)
                seconds[name].append(wall * REPLICATES / len(problems))
        return {
            "mesa_seconds": seconds["mesa"], "engine_seconds": seconds["engine"], "replicates": REPLICATES,
            "replicates_of_engine": self.replicates["engine"], "replicates_of_mesa": self.replicates["mesa"],
            "households": ROWS * COLUMNS, "weeks": WEEKS, "threads": THREADS,
        }  # fmt: skip


def _problems(replicates: int, folder: Path) -> tuple[list[Path], list[Answer]]:
    files, answers = [], []
    for replicate in range(replicates):
        problem = draw(ROWS, COLUMNS, WEEKS, seed=1_000 + replicate)
        files.append(folder / f"replicate-{replicate}.npz")
        write(problem, files[-1])
        answers.append(solve(problem, WEEKS))
    return files, answers


def _replicates(driver: Driver, files: list[Path], answers: list[Answer], threads: int) -> float:
    done = driver.order("batch", problems=[str(file) for file in files], weeks=WEEKS, threads=threads)
    for replicate, (adopters, answer) in enumerate(zip(done["adopters"], answers, strict=False)):
        if adopters != answer.adopters:
            raise RaceError(f"{driver.entrant.name}: the adopters of replicate {replicate} differ from the model's")
    return float(done["wall"])
