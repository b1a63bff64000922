"""A batch that is interrupted for real - kill -9, Ctrl-C, a full disk - loses at most the runs under way.

The command runs in a process of its own; afterwards the same command goes on to the bytes of an uninterrupted one.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batches import held
from own_process import environment, heed_interrupts

from sim.results.journal import blocks
from sim.results.rows import RowShape
from sim.scenario import load_scenario

SMALL = ["--set", "village.households=60", "--set", "village.party_members=6", "--set", "village.volunteers=2"]
COMMAND = [sys.executable, "-m", "sim.cli", "batch", "baseline", "donation", *SMALL, "--replicates", "150", "--weeks", "6",
           "--jobs", "2"]  # fmt: skip
ENVIRONMENT = environment()
RUNS = 300


OVER_DRAWS = ["--draws", "draws.csv", "--replicates", "50"]
DRAWS = "draw,household.persuasion\n4,0.5\n9,1.0\n2,1.5\n"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, dict[str, dict[str, bytes]]]:
    """Return what uninterrupted batches keep: without draws, and over draws."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "draws.csv").write_text(DRAWS)
    found = {}
    for over_draws, draws in ((False, []), (True, OVER_DRAWS)):
        results = f"over draws: {over_draws}"
        done = subprocess.run(
            [*COMMAND, *draws, "--results", results], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        found[over_draws] = held(folder / results)
    return found


def go_on(folder: Path, draws: list[str]) -> int:
    """Run the same command again, and return how many runs it found."""
    done = subprocess.run(
        [*COMMAND, *draws, "--results", "parts"], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (found,) = re.findall(rf"{RUNS}/{RUNS} runs \((\d+) found\)", done.stderr)
    return int(found)


def records(folder: Path) -> int:
    """Return how many whole runs stand in journals."""
    count = 0
    for path in folder.rglob("journal-*"):
        with path.open("rb") as stream:
            count += sum(rows for rows, _ in blocks(stream.fileno()))
    return count


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
@pytest.mark.parametrize("over_draws", [False, True], ids=["", "draws"])
def test_an_interrupted_batch_goes_on_to_the_same_bytes(
    over_draws: bool, stop: signal.Signals, whole: dict[bool, dict[str, dict[str, bytes]]], tmp_path: Path
) -> None:
    (tmp_path / "draws.csv").write_text(DRAWS)
    draws = OVER_DRAWS if over_draws else []
    process = subprocess.Popen(
        [*COMMAND, *draws, "--results", "parts"], cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True,
        preexec_fn=heed_interrupts,
    )  # fmt: skip
    deadline = time.monotonic() + 300
    while records(tmp_path / "parts") < 40:
        assert process.poll() is None, "ended too early to be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(stop)
    _, error = process.communicate(timeout=120)
    if stop == signal.SIGINT:
        assert process.returncode == 130
        assert "interrupted; finished runs are stored" in error
        assert "Traceback" not in error
    there = records(tmp_path / "parts")
    assert 40 <= there < RUNS
    assert go_on(tmp_path, draws) == there
    assert held(tmp_path / "parts") == whole[over_draws]
    assert not list(tmp_path.rglob("journal-*"))


def test_a_full_disk_is_told_in_a_line_and_the_batch_goes_on_when_there_is_room(
    whole: dict[bool, dict[str, dict[str, bytes]]], tmp_path: Path
) -> None:
    """No file may grow beyond some 40 runs, so that the next one finds the disk full."""
    limit = 40 * 8 * RowShape.of(load_scenario("baseline"), 6).width
    program = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); "
        "import sys; from sim.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *COMMAND[3:], "--results", "parts"], cwd=tmp_path, env=ENVIRONMENT,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "can't be written: File too large" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    there = records(tmp_path / "parts")
    assert 2 <= there <= 80
    assert go_on(tmp_path, []) == there
    assert held(tmp_path / "parts") == whole[False]
    assert not list(tmp_path.rglob("journal-*"))
