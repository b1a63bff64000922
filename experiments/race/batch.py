"""The batch: a thousand replicates on two threads by this engine, against Mesa one after the other.

Both build and run every replicate; the problems themselves are drawn before. Mesa makes only the first few of the same
replicates in a round, and its seconds are scaled up to a thousand, as are the engine's in the quick benchmark; how many
either made is reported. Wall-clock seconds, because two
cores are what the engine uses here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .driver import Driver, RaceError
from .entrants import ENGINE, PEERS, WEEKS
from .problem import Answer, draw, solve, write

ROWS, COLUMNS = 40, 50
REPLICATES = 1_000
THREADS = 2


def batch_against_mesa(rounds: int, replicates: int, replicates_of_mesa: int, folder: Path) -> dict[str, Any]:
    """Race the batch.

    Returns
    -------
    dict of mesa_seconds and engine_seconds by round, scaled to a thousand replicates, and how many each made.

    Raises
    ------
    RaceError : an answer is wrong.
    """
    mesa = next(peer for peer in PEERS if peer.name == "mesa")
    files, answers = [], []
    for replicate in range(replicates):
        problem = draw(ROWS, COLUMNS, WEEKS, seed=1_000 + replicate)
        files.append(folder / f"replicate-{replicate}.npz")
        write(problem, files[-1])
        answers.append(solve(problem, WEEKS))
    seconds: dict[str, list[float]] = {"mesa": [], "engine": []}
    with Driver(mesa) as slow, Driver(ENGINE) as fast:
        _replicates(fast, files[:2], answers, THREADS)  # compiles
        for number in range(rounds):
            runs = [(slow, files[:replicates_of_mesa], 1), (fast, files, THREADS)]
            for driver, mine, threads in runs if number % 2 == 0 else reversed(runs):
                took = _replicates(driver, mine, answers, threads)
                seconds[driver.entrant.name].append(took * REPLICATES / len(mine))
    return {
        "mesa_seconds": seconds["mesa"], "engine_seconds": seconds["engine"], "replicates": REPLICATES,
        "replicates_of_engine": replicates,
        "replicates_of_mesa": replicates_of_mesa, "households": ROWS * COLUMNS, "weeks": WEEKS, "threads": THREADS,
    }  # fmt: skip


def _replicates(driver: Driver, files: list[Path], answers: list[Answer], threads: int) -> float:
    found = driver.order("batch", problems=[str(file) for file in files], weeks=WEEKS, threads=threads)
    for replicate, (adopters, answer) in enumerate(zip(found["adopters"], answers, strict=False)):
        if adopters != answer.adopters:
            raise RaceError(f"{driver.entrant.name}: replicate {replicate} gave other adopters than the model's")
    return float(found["wall"])
