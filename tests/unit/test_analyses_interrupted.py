"""A search for a policy, and a sensitivity study, that are killed in the middle go on to the bytes of unbroken ones.

What is stopped runs in a process of its own, by Ctrl-C or by kill -9, once it has kept some of its runs.
"""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from own_process import environment, heed_interrupts

import sim.cli
from sim.results.catalogue import entry
from sim.results.journal import blocks

SMALL = ["--set", "village.households=60", "--set", "village.party_members=6", "--set", "village.volunteers=2"]
ENVIRONMENT = environment()


def kept(results: Path) -> int:
    """Return how many whole runs stand in journals."""
    count = 0
    for path in results.rglob("journal-*"):
        with path.open("rb") as stream:
            count += sum(rows for rows, _ in blocks(stream.fileno()))
    return count


class Analysis(NamedTuple):
    """A command, and after how many kept runs it is stopped."""

    command: list[str]
    stop_after: int


ANALYSES = {
    "optimise": Analysis(
        ["optimise", "campaign", "--budget-yuan", "0", "--budget-hours", "100", "--mix", "household_contact",
         "--mix", "role_model", "--trials", "8", "--finalists", "2", "--luck", "8", "--judged", "4",
         "--replicates", "2", "--jobs", "2", *SMALL], 20),
    "sensitivity": Analysis(
        ["sensitivity", "campaign", "--method", "pawn", "--n", "256", "--replicates", "2", "--weeks", "26", "--jobs", "2",
         "--over", "household.persuasion", "--over", "household.predisposition", *SMALL], 100),
}  # fmt: skip


def begin(analysis: Analysis, results: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sim.cli", *analysis.command, "--results", str(results)], env=ENVIRONMENT,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=heed_interrupts,
    )  # fmt: skip


def finish(analysis: Analysis, results: Path) -> int:
    """Run the command to its end in this process, and return how many runs it found."""
    before, error = sys.argv, io.StringIO()
    sys.argv = ["grassroots", *analysis.command, "--results", str(results)]
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(error), pytest.raises(SystemExit) as stop:
            sim.cli.main()
    finally:
        sys.argv = before
    assert not stop.value.code, error.getvalue()
    return int(re.findall(r"runs \((\d+) found\)", error.getvalue())[-1])


def content(results: Path) -> dict[str, bytes]:
    """Return every file's bytes, but all runs of a folder as one, since their files tell how often they were written."""
    found = {}
    for path in results.rglob("*"):
        if path.is_file() and not path.match("runs-*.parquet") and not path.name.startswith("."):
            found[path.relative_to(results).as_posix()] = path.read_bytes()
    for folder in results.glob("*-runs/*"):
        pieces = entry(folder).store.pieces()
        keys = np.concatenate([piece.keys for piece in pieces])
        rows = np.concatenate([piece.rows() for piece in pieces])
        _, first = np.unique(keys, axis=0, return_index=True)
        found[f"runs of {folder.name}"] = keys[first].tobytes() + rows[first].tobytes()
    return found


@pytest.fixture(scope="module", params=ANALYSES)
def unbroken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Analysis, Any]:
    """Run a command to its end, and return it with everything that it wrote."""
    analysis, results = ANALYSES[request.param], tmp_path_factory.mktemp(request.param)
    finish(analysis, results)
    return analysis, content(results)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_an_interrupted_analysis_goes_on_to_the_same_bytes(
    stop: signal.Signals, unbroken: tuple[Analysis, Any], tmp_path: Path
) -> None:
    analysis, expected = unbroken
    process = begin(analysis, tmp_path)
    deadline = time.monotonic() + 300
    while kept(tmp_path) < analysis.stop_after:
        assert process.poll() is None, f"ended too early to be interrupted: {process.communicate()[1]}"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(stop)
    _, error = process.communicate(timeout=300)
    if stop == signal.SIGINT:
        assert process.returncode == 130
        assert "interrupted; finished runs are stored" in error
        assert "Traceback" not in error
    else:
        assert process.returncode == -signal.SIGKILL
    assert finish(analysis, tmp_path) > 0
    assert content(tmp_path) == expected
