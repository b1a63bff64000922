"""A batch on a Dask cluster: Dask's own scheduler and worker commands, in processes of their own on 127.0.0.1."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from batches import batch, held
from own_process import environment

from sim.base.errors import InputError
from sim.interventions import KINDS, load_interventions
from sim.results.catalogue import entry
from sim.runs import Progress, Request
from sim.runs.cluster import make
from sim.runs.task import Plan, Task
from sim.scenario import load_scenario
from sim.uncertainty.draw_table import DrawTable

SMALL = {"village.households": 60, "village.party_members": 6, "village.volunteers": 2}
WEEKS = 6
DRAWS = DrawTable("two", ("household.predisposition",), np.array([5, 3]), np.array([[-1.0], [1.0]]))
ENVIRONMENT = environment(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
INTERVENTION = '''
import sys
from typing import Literal
from sim.base.fields import number
from sim.interventions import Effect, Intervention, register

@register
class Cheer(Intervention):
    """Somebody cheers; with a volume above 1 so loud that a worker of a cluster is lost."""

    kind: Literal["cheer"] = "cheer"
    volume: float = number("how loud", unit="1", low=0.0, high=2.0, default=0.5, evidence="assumption: a test")

    def effects(self):
        if self.volume > 1 and "distributed.nanny" in sys.modules and "pytest" not in sys.modules:
            import os
            os._exit(1)
        return (Effect("courage", 0.5 * self.volume),)
'''


class Machines:
    """A scheduler and its workers, each a process of Dask's command."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._log = (folder / "log").open("w")
        self.processes = [
            self.start("scheduler", "--port", "0", "--scheduler-file", str(self._file), "--host", "127.0.0.1")
        ]
        deadline = time.monotonic() + 120
        while not self._file.exists() or not self._file.read_text().strip():
            assert time.monotonic() < deadline, "no scheduler"
            time.sleep(0.2)
        self.address = json.loads(self._file.read_text())["address"]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, "--no-dashboard"], env=ENVIRONMENT, stdout=self._log, stderr=self._log,
        )  # fmt: skip

    def add_worker(self) -> None:
        self.processes.append(self.start("worker", self.address, "--nthreads", "1"))

    def pids(self, workers: int = 2) -> list[int]:
        """Return the processes of the workers themselves, which their nannies look after, when so many are there."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=120)
            return list(client.run(os.getpid).values())

    def close(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(60)
        self._log.close()


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    found = Machines(tmp_path_factory.mktemp("dask"))
    found.add_worker()
    found.add_worker()
    yield found
    found.close()


@pytest.fixture
def cheer(tmp_path: Path) -> Iterator[None]:
    path = tmp_path / "cheer.py"
    path.write_text(INTERVENTION)
    load_interventions(path)
    path.unlink()  # workers may stand on other machines
    yield
    KINDS.pop("cheer")


@pytest.mark.usefixtures("cheer")
def test_a_cluster_gives_the_bytes_of_threads(machines: Machines, tmp_path: Path) -> None:
    """Over draws, in a world of two villages, and with an intervention from a file that the workers don't have."""
    scenarios = {
        "one": load_scenario("baseline", SMALL),
        "two": load_scenario("baseline", [SMALL, {"villages": [{"name": "a"}, {"name": "b", "households": 50}]}]),
        "cheer": load_scenario("baseline", [SMALL, {"interventions": [{"kind": "cheer"}]}]),
    }
    for folder, scheduler in (("threads", None), ("cluster", machines.address)):
        found = batch(scenarios, 13, 1, WEEKS, tmp_path / folder, 2, draws=DRAWS, scheduler=scheduler)
        assert not found.failures
    assert held(tmp_path / "threads") == held(tmp_path / "cluster")
    assert len(held(tmp_path / "threads")) == 3


def test_a_worker_that_is_killed_costs_nothing_but_its_tasks(machines: Machines, tmp_path: Path) -> None:
    scenarios = {"one": load_scenario("baseline", SMALL)}
    victim, *_ = machines.pids()
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if progress.done >= 30 and not killed:
            os.kill(victim, signal.SIGKILL)
            killed.append(progress.done)

    found = batch(scenarios, 300, 2, WEEKS, tmp_path / "cluster", report=kill, scheduler=machines.address)
    assert killed
    assert killed[0] < 300
    assert not found.failures
    batch(scenarios, 300, 2, WEEKS, tmp_path / "threads", 2)
    assert held(tmp_path / "threads") == held(tmp_path / "cluster")


@pytest.mark.usefixtures("cheer")
def test_a_run_that_kills_its_workers_is_named_and_loses_no_other(machines: Machines, tmp_path: Path) -> None:
    loud = {"interventions": [{"kind": "cheer", "volume": 1.5}]}
    scenarios = {"one": load_scenario("baseline", SMALL), "loud": load_scenario("baseline", [SMALL, loud])}
    found = batch(scenarios, 1, 7, WEEKS, tmp_path, scheduler=machines.address)
    assert [str(failure) for failure in found.failures] == [
        "run failed: scenario loud, seed 7, replicate 0: the workers that tried it were lost (killed, or out of memory)"
    ]
    assert found.tables["one"].runs == 1


def test_a_cluster_that_isn_t_there_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.runs.cluster.PATIENCE", 1.0)
    scenarios = {"one": load_scenario("baseline", SMALL)}
    for address, told in (("tcp://127.0.0.1:9", "no scheduler answers"), ("nonsense://x", "no scheduler answers")):
        with pytest.raises(InputError) as error:
            batch(scenarios, 2, 1, WEEKS, tmp_path, scheduler=address)
        assert str(error.value).startswith(f"{address}: {told}")
        assert len(str(error.value).splitlines()) == 1
    monkeypatch.setenv("GRASSROOTS_SCHEDULER", "tcp://127.0.0.1:9")  # for runs that name none, as those of studies
    with pytest.raises(InputError, match=r"tcp://127\.0\.0\.1:9: no scheduler answers"):
        batch(scenarios, 2, 1, WEEKS)


def test_a_scheduler_without_workers_and_one_that_dies_are_told(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was finished when the scheduler died is found by the same call on threads."""
    alone = Machines(tmp_path_factory.mktemp("alone"))
    scenarios = {"one": load_scenario("baseline", SMALL)}
    try:
        with monkeypatch.context() as patch:
            patch.setattr("sim.runs.cluster.PATIENCE", 2.0)
            with pytest.raises(InputError, match="has no workers"):
                batch(scenarios, 2, 1, WEEKS, tmp_path / "a", scheduler=alone.address)
        alone.add_worker()
        alone.pids(1)
        monkeypatch.setattr("sim.runs.cluster.PATIENCE", 5.0)

        def stop(progress: Progress) -> None:
            if progress.done >= 20:
                alone.processes[0].kill()

        with pytest.raises(InputError, match="finished runs are kept"):
            batch(scenarios, 400, 1, WEEKS, tmp_path / "a", report=stop, scheduler=alone.address)
    finally:
        alone.close()
    seen: list[Progress] = []
    batch(scenarios, 400, 1, WEEKS, tmp_path / "a", 2, seen.append)
    assert 20 <= seen[0].found < 400
    batch(scenarios, 400, 1, WEEKS, tmp_path / "b", 2)
    assert held(tmp_path / "a") == held(tmp_path / "b")


def test_an_analysis_that_is_killed_goes_on_through_the_cluster(machines: Machines, tmp_path: Path) -> None:
    """What mechanisms carry, killed in the middle and then finished: the bytes of threads, and no run made again."""
    village = [word for key, value in SMALL.items() for word in ("--set", f"{key}={value}")]
    call = [
        sys.executable,
        "-m",
        "sim.cli",
        "attribute",
        "campaign",
        "--mechanisms",
        "--replicates",
        "20",
        "--weeks",
        "20",
    ]

    def begin(folder: str, *more: str) -> subprocess.Popen[str]:
        command = [*call, *village, "--results", folder, *more]
        return subprocess.Popen(
            command, cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )  # fmt: skip

    process = begin("cluster", "--scheduler", machines.address)
    deadline = time.monotonic() + 300
    while sum(path.stat().st_size for path in tmp_path.rglob("journal-*")) < 20_000:
        assert process.poll() is None, "ended too early to be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.communicate()
    done = [begin("cluster", "--scheduler", machines.address), begin("threads")]
    (cluster, error), (threads, _) = (process.communicate(timeout=300) for process in done)
    found, runs = re.search(r"(\d+) runs \((\d+) found\)", error), 38 * 20
    assert found is not None
    assert int(found[1]) == runs and 0 < int(found[2]) < runs
    assert cluster.splitlines()[:-1] == threads.splitlines()[:-1]  # the last line names the folder
    (folder,) = tmp_path.glob("cluster/attribute-runs/*")
    keys = np.concatenate([piece.keys for piece in entry(folder).store.pieces()])
    assert len(keys) == len(np.unique(keys, axis=0)) == runs


def test_a_worker_with_another_model_or_without_a_package_is_told() -> None:
    plan = pickle.dumps(Plan.of(Request.of({"one": load_scenario("baseline", SMALL)}, 1, 1, WEEKS)))
    task = Task(("one",), np.array([0]), np.array([[-1, 0]]), np.empty((1, 0)))
    with pytest.raises(InputError, match="another version of the model"):
        make(plan, task, {}, "another")
    from sim.base.sources import fingerprint

    with pytest.raises(InputError, match="lacks a package: No module named 'nowhere_to_be_found'"):
        make(b"cnowhere_to_be_found\nThing\n.", task, {}, fingerprint())
