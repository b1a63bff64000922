"""Runs kept under load: processes are killed at random, the disk fills up, Dask's workers and scheduler are killed.

    python experiments/under_load.py --minutes 10 --processes 8

Three trials, a folder each. After each trial every run that anybody reported as finished must still be kept, without being
made again; asking for all runs must give each of them once, and every number must be the same, to the bit, as in an
undisturbed batch in memory. The trial with a full disk mounts a small file system in memory, which needs root on Linux.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.base.errors import InputError
from sim.results.catalogue import entries
from sim.results.query import Database
from sim.results.rows import Array
from sim.runs import Progress, Request, missing, run
from sim.scenario import load_scenario

SCENARIO = load_scenario(
    "everything", {"village.households": 200, "village.party_members": 20, "village.volunteers": 8}
)
SEED, WEEKS = 3, 26
MOST = 3000
"""Replicates at most."""
DISK = 3 << 20
"""Bytes of the small file system."""


def request(replicates: int) -> Request:
    """Return the request for so many runs."""
    return Request.of(
        {"one": SCENARIO}, replicates, SEED, WEEKS, observed=("adopted", "trust", "yuan", "weekly.adopted")
    )


def wrong_at_the_end(folder: Path, told: int, replicates: int, expected: dict[str, Array]) -> list[str]:
    """Return what is wrong with a folder.

    told : so many runs were reported as finished. replicates : ask for so many now. expected : undisturbed runs.
    """
    faults = []
    lost = missing(request(told), folder)  # before anything is made again
    if lost:
        faults.append(f"{lost} runs lost")
    table = run(request(replicates), folder, jobs=2).tables["one"]
    if table.runs != replicates:
        faults.append(f"{table.runs} runs instead of {replicates}")
    faults += [
        f"other numbers in {key}" for key in table if table[key].tobytes() != expected[key][:replicates].tobytes()
    ]
    items, damaged = entries(folder)
    faults += [str(error) for error in damaged]
    _, rows, _ = Database(items).ask("SELECT count(*), count(DISTINCT replicate) FROM runs")
    faults += [f"SQL counts {rows[0]}"] if rows[0][0] != rows[0][1] or rows[0][0] < replicates else []
    return faults


def work(folder: Path, ledger: Path, seed: int) -> None:
    """Ask for more and more runs, and note in the ledger how many are finished."""
    rng = random.Random(seed)
    count = 0
    while count < MOST:
        count = min(MOST, count + rng.randint(1, 200))
        result = run(request(count), folder, jobs=1)
        if result.tables["one"].runs == count:
            with ledger.open("a") as stream:
                stream.write(f"{count}\n")


def most_told(ledgers: Path) -> int:
    """Return the greatest number of finished runs in any ledger; a killed process may leave half a line."""
    numbers = [0]
    for path in ledgers.glob("ledger-*"):
        numbers += [int(line) for line in path.read_text().split("\n")[:-1]]
    return max(numbers)


def kills(root: Path, minutes: float, processes: int) -> tuple[str, list[str]]:
    """Kill processes on one folder at random for some minutes."""
    context = multiprocessing.get_context("spawn")
    expected = dict(run(request(MOST), jobs=2).tables["one"])
    rng, folder, number, killed = random.Random(SEED), root / "results", 0, 0
    crew: list[multiprocessing.process.BaseProcess] = []
    faults: list[str] = []
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        for worker in [one for one in crew if not one.is_alive()]:
            crew.remove(worker)
            if worker.exitcode not in (0, -signal.SIGKILL):
                faults.append(f"a process ended with {worker.exitcode}")
        while len(crew) < processes:
            number += 1
            worker = context.Process(target=work, args=(folder, root / f"ledger-{number}", number))
            worker.start()
            crew.append(worker)
        time.sleep(rng.expovariate(1 / 3))
        victim = rng.choice(crew)
        if victim.is_alive():
            os.kill(victim.pid or 0, signal.SIGKILL)
            victim.join()
            killed += 1
    for worker in crew:
        worker.kill()
        worker.join()
    told = most_told(root)
    faults += wrong_at_the_end(folder, told, MOST, expected)
    return f"{processes} processes for {minutes:g} min, {killed} kills, {told} runs told as finished", faults


def full_disk(root: Path, rounds: int) -> tuple[str, list[str]]:
    """Fill a small disk at random points, see that a line says so, make room, and go on."""
    expected = dict(run(request(MOST), jobs=2).tables["one"])
    rng, told, refused, faults = random.Random(SEED), 0, 0, []
    with small_disk(root / "disk") as disk:
        folder, ballast = disk / "results", disk / "ballast"
        for turn in range(1, rounds + 1):
            count = min(MOST, told + rng.randint(20, 150))
            status = os.statvfs(disk)
            ballast.write_bytes(bytes(max(0, status.f_bavail * status.f_frsize - rng.randint(0, 120_000))))
            try:
                run(request(count), folder, jobs=2)
                told = count
            except InputError as error:
                refused += 1
                if "No space left" not in str(error):
                    faults.append(f"round {turn}: {error}")
            ballast.unlink()
        faults += wrong_at_the_end(folder, told, told, expected)
    return (
        f"{rounds} rounds on a disk of {DISK >> 20} MB, full in {refused} of them, {told} runs told as finished",
        faults,
    )


@contextmanager
def small_disk(path: Path) -> Iterator[Path]:
    """Mount a small file system in memory. Raises InputError where that isn't allowed."""
    path.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", path], capture_output=True, text=True, check=False
    )
    if mount.returncode:
        raise InputError(f"can't be mounted: {mount.stderr.strip()}", path)
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=False)


def dask(root: Path, rounds: int) -> tuple[str, list[str]]:
    """Kill workers at random while they work, and at last the scheduler; then go on without a cluster."""
    expected = dict(run(request(MOST), jobs=2).tables["one"])
    rng, folder, killed = random.Random(SEED), root / "results", 0
    faults: list[str] = []
    with cluster(root) as (address, workers):
        for turn in range(1, rounds + 1):

            def strike(progress: Progress) -> None:
                nonlocal killed
                if rng.random() < 0.2:
                    workers.kill_one(rng)
                    killed += 1

            result = run(request(MOST * turn // (rounds + 1)), folder, scheduler=address, report=strike)
            faults += [str(failure) for failure in result.failures]
        told = MOST * rounds // (rounds + 1)

        def end(progress: Progress) -> None:
            workers.scheduler.kill()

        try:
            run(request(MOST), folder, scheduler=address, report=end)
            faults.append("nobody said that the scheduler was gone")
        except InputError:
            pass
    faults += wrong_at_the_end(folder, told, MOST, expected)
    return f"{rounds} batches on 3 workers, {killed} kills, then the scheduler; {told} runs told as finished", faults


class Workers:
    """A scheduler and three workers under their nannies, each a process of Dask's command."""

    def __init__(self, root: Path) -> None:
        self._file, self._log = root / "scheduler.json", (root / "log").open("w")
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--scheduler-file", str(self._file), "--host", "127.0.0.1"
        )
        while not self._file.exists() or not self._file.read_text().strip():
            time.sleep(0.2)
        self.address = json.loads(self._file.read_text())["address"]
        self.nannies = [self._start("worker", self.address, "--nthreads", "1") for _ in range(3)]

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
        return subprocess.Popen(command, stdout=self._log, stderr=self._log)

    def kill_one(self, rng: random.Random) -> None:
        """Kill the process of a worker; its nanny starts another."""
        nanny = rng.choice(self.nannies)
        with suppress(FileNotFoundError, ProcessLookupError):
            children = Path(f"/proc/{nanny.pid}/task/{nanny.pid}/children").read_text().split()
            for child in children:
                os.kill(int(child), signal.SIGKILL)

    def stop(self) -> None:
        """End everything."""
        for process in (*self.nannies, self.scheduler):
            process.terminate()
        for process in (*self.nannies, self.scheduler):
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


@contextmanager
def cluster(root: Path) -> Iterator[tuple[str, Workers]]:
    """Start a cluster on this machine and stop it afterwards."""
    workers = Workers(root)
    try:
        yield workers.address, workers
    finally:
        workers.stop()


def main() -> int:
    """Run the named trials, or all of them, and print the result of each; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "trials", nargs="*", choices=["kills", "disk", "dask", []], metavar="trial", help="all if none is named"
    )
    parser.add_argument("--minutes", type=float, default=10, help="of killing processes (default 10)")
    parser.add_argument("--processes", type=int, default=8, help="on one folder (default 8)")
    parser.add_argument("--rounds", type=int, default=30, help="of the other trials (default 30)")
    options = parser.parse_args()
    trials: dict[str, Callable[[Path], tuple[str, list[str]]]] = {
        "kills": lambda root: kills(root, options.minutes, options.processes),
        "disk": lambda root: full_disk(root, options.rounds),
        "dask": lambda root: dask(root, options.rounds),
    }
    failed = 0
    for name in options.trials or trials:
        with tempfile.TemporaryDirectory() as place:
            try:
                summary, faults = trials[name](Path(place))
            except InputError as error:
                summary, faults = "not done", [str(error)]
        failed += len(faults)
        print(f"{name}: {summary}: {'nothing lost, nothing twice' if not faults else '; '.join(faults)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
