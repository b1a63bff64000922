"""Several processes on one results folder: nothing is lost, nothing is counted twice, and nobody is told fewer runs.

In each round all processes begin at once in a folder of their own for the round: some ask for runs, more or fewer of the same;
some ask SQL; some list what is kept; one may be killed with kill -9 while it works. Chunks are tiny here and are put together
early, so that files come and go all the time. Every answer is compared, to the bit, with runs that were made in memory.

    python experiments/stress_results.py --rounds 200 --processes 4
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np

import sim.results.store as store
from sim.results.catalogue import entries
from sim.results.query import Database
from sim.results.rows import Array
from sim.runs import Request, run
from sim.scenario import load_scenario

SCENARIO = load_scenario("baseline", {"village.households": 20, "village.party_members": 2, "village.volunteers": 1})
SEED, WEEKS, MOST = 3, 2, 60
"""Of the runs; replicates at most."""
CHUNK_BYTES, MANY = 30_000, 4
"""Some 20 runs a chunk; more than so many small chunks are put together."""


def request(replicates: int) -> Request:
    """Return the request for so many runs."""
    return Request.of({"one": SCENARIO}, replicates, SEED, WEEKS)


def reference() -> dict[str, Array]:
    """Return every column of all runs, made in memory."""
    return dict(run(request(MOST), jobs=1).tables["one"])


def ask_for_runs(folder: Path, expected: dict[str, Array], rng: np.random.Generator) -> str:
    """Ask for some runs, and return what is wrong with them."""
    count = int(rng.integers(1, MOST + 1))
    table = run(request(count), folder, jobs=1).tables["one"]
    if table.runs != count:
        return f"{table.runs} runs instead of {count}"
    return next(
        (f"other numbers in {key}" for key in table if table[key].tobytes() != expected[key][:count].tobytes()), ""
    )


def ask_sql(folder: Path, expected: dict[str, Array], rng: np.random.Generator) -> str:
    """Ask SQL for the runs that are there, and return what is wrong with them."""
    if not folder.exists():
        return ""
    kept, wrong = entries(folder)
    database = Database(kept)
    if wrong or "runs" not in database.views:
        return "; ".join(map(str, wrong))
    _, rows, _ = database.ask("SELECT replicate, trust FROM runs")
    if len({replicate for replicate, _ in rows}) < len(rows):
        return "a run twice in SQL"
    return "" if all(expected["trust"][replicate] == trust for replicate, trust in rows) else "other numbers in SQL"


def ask_list(folder: Path, expected: dict[str, Array], rng: np.random.Generator) -> str:
    """List the folder, and return what is wrong with it."""
    if not folder.exists():
        return ""
    kept, wrong = entries(folder)
    return "; ".join(map(str, wrong)) or ("too many runs" if any(item.runs > MOST for item in kept) else "")


ACTIONS = (ask_for_runs, ask_for_runs, ask_for_runs, ask_sql, ask_list)


def work(number: int, folder: Path, rounds: int, barrier: object, wrong: object) -> None:
    """Take part in every round, and put what is wrong into a queue."""
    store.CHUNK_BYTES, store.MANY = CHUNK_BYTES, MANY
    expected = reference()
    rng = np.random.default_rng(number)
    for turn in range(rounds):
        barrier.wait(300)  # type: ignore[attr-defined]
        action = ACTIONS[int(rng.integers(len(ACTIONS)))] if number else ask_for_runs
        try:
            told = action(folder / f"{turn}", expected, rng)
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
        if told:
            wrong.put(f"round {turn}, process {number}, {action.__name__}: {told}")  # type: ignore[attr-defined]


def be_killed(folder: Path, ready: object) -> None:
    """Make runs until somebody kills this process."""
    store.CHUNK_BYTES, store.MANY = CHUNK_BYTES, MANY
    reference()
    ready.set()  # type: ignore[attr-defined]
    run(request(MOST), folder, jobs=1, report=lambda progress: time.sleep(0.002))


def stress(root: Path, rounds: int, processes: int, killed: int = 0) -> list[str]:
    """Return what went wrong in so many rounds. killed : rounds in which a further process is killed with kill -9."""
    context = multiprocessing.get_context("spawn")
    barrier, queue = context.Barrier(processes), context.SimpleQueue()
    workers = [context.Process(target=work, args=(number, root, rounds, barrier, queue)) for number in range(processes)]
    for worker in workers:
        worker.start()
    wrong = list(_watch(workers, queue))
    for turn in range(killed):
        folder = root / f"{turn}"
        ready = context.Event()
        victim = context.Process(target=be_killed, args=(folder / "killed", ready))
        victim.start()
        ready.wait()
        time.sleep(0.01 * (turn % 10))
        os.kill(victim.pid or 0, signal.SIGKILL)
        victim.join()
        wrong += [f"after a kill, round {turn}: {told}" for told in [_whole(folder / "killed")] if told]
    expected = reference()
    for turn in range(rounds):
        told = _whole(root / f"{turn}", expected)
        wrong += [f"at the end of round {turn}: {told}"] if told else []
    return wrong


def _watch(workers: list[BaseProcess], queue: object) -> Iterator[str]:
    """Yield what workers tell until all have ended."""
    while any(worker.is_alive() for worker in workers) or not queue.empty():  # type: ignore[attr-defined]
        while not queue.empty():  # type: ignore[attr-defined]
            yield queue.get()  # type: ignore[attr-defined]
        time.sleep(0.05)
    for number, worker in enumerate(workers):
        if worker.exitcode:
            yield f"process {number} ended with {worker.exitcode}"


def _whole(folder: Path, expected: dict[str, Array] | None = None) -> str:
    """Ask for all runs of a folder, and return what is wrong with them or with what is left beside them."""
    expected = expected or reference()
    table = run(request(MOST), folder, jobs=1).tables["one"]
    if any(table[key].tobytes() != expected[key].tobytes() for key in table) or table.runs != MOST:
        return "other runs than in memory"
    (item,) = entries(folder)[0]
    left = [
        path.name for path in item.folder.iterdir() if path.name.startswith((".", "journal")) and path.name != ".lock"
    ]
    return f"{item.runs} runs are listed, left over: {left}" if item.runs != MOST or left else ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--killed", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        began = time.monotonic()
        found = stress(Path(place), options.rounds, options.processes, options.killed)
        chunks = sum(1 for _ in Path(place).rglob("runs-*.parquet"))
        print(*found, sep="\n")
        print(
            f"{options.rounds} rounds of {options.processes} processes, {options.killed} kills: {len(found)} wrong; "
            f"{chunks} chunks at the end; {time.monotonic() - began:.0f} s"
        )
    raise SystemExit(1 if found else 0)
