"""Functions compiled apart from their callers: called as any other, compiled by whoever comes first, and kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numba
import pytest
from own_process import environment

from sim.compiler.apart import cores
from sim.engine.first_run import EXAMPLES
from sim.engine.mechanisms.blocks import make_room
from sim.engine.programme import make_now
from sim.engine.simulation import Simulation
from sim.scenario import load_scenario

# The same means as the engine's, on two functions that compile in a moment.
SMALL = """
import numpy as np
from sim.compiler.apart import Compilation, apart
from sim.compiler.compiled import compiled, entry

@compiled
def square(x):
    return x * x

@apart
def add_squares(values, total):
    for k in range(values.size):
        total[0] += square(values[k])

@entry
def twice(values, total):
    for _ in range(2):
        add_squares(values, total)

KINDS = {"values": np.zeros(1), "total": np.zeros(1)}
TASK = "import small; small.COMPILATION.finish()"
COMPILATION = Compilation(KINDS, TASK)
"""
USE = """
import small, numpy as np
small.COMPILATION.begin()
began = small.COMPILATION._elsewhere is not None
values, total = np.arange(5.0), np.zeros(1)
small.twice.prepare(values, total)
small.COMPILATION.finish()
small.twice(values, total)
print(total[0], began, small.add_squares.compiled)
"""


def used(folder: Path, use: str = USE, **changes: str) -> subprocess.CompletedProcess[str]:
    """Use the small module in a process of its own, with a cache in the folder."""
    text = SMALL
    for old, new in changes.items():
        text = text.replace(f"{old} = ", f"{old} = {new} or ")
    (folder / "small.py").write_text(text)
    own = environment(folder, GRASSROOTS_CACHE=str(folder / "cache"))
    command = [sys.executable, "-c", use]
    return subprocess.run(command, env=own, text=True, capture_output=True, timeout=600, check=False)


@pytest.mark.skipif(cores() < 2, reason="one core compiles everything itself")
def test_the_other_process_compiles_and_the_next_one_finds_it(tmp_path: Path) -> None:
    """First run: begun elsewhere, and not compiled here; second: nothing is begun. 2 (0 + 1 + 4 + 9 + 16) = 60."""
    first, second = used(tmp_path), used(tmp_path)
    assert (first.stdout, first.stderr) == ("60.0 True False\n", "")
    assert (second.stdout, second.stderr) == ("60.0 False False\n", "")


def test_when_the_other_process_fails_it_is_compiled_here(tmp_path: Path) -> None:
    found = used(tmp_path, TASK="'raise SystemExit(1)'")
    result, _, compiled_here = found.stdout.split()
    assert (float(result), compiled_here, found.stderr) == (60.0, "True", "")


def test_a_way_in_is_not_taken_for_one_without(tmp_path: Path) -> None:
    """The same function as an entry, after its form without a way in has been kept: such a call would end the process."""
    twice = """
import small, numpy as np
from sim.compiler.compiled import entry
small.COMPILATION.finish()
total = np.zeros(1)
entry(small.add_squares.py_func)(np.arange(5.0), total)
print(total[0])
"""
    assert [used(tmp_path, twice).stdout for _ in range(2)] == ["30.0\n"] * 2


def test_arguments_of_other_types_are_refused(tmp_path: Path) -> None:
    """A call by address would read them as what they are not."""
    found = used(tmp_path, USE.replace("np.arange(5.0)", "np.arange(5)"))
    assert found.returncode == 1
    assert "small.add_squares takes" in found.stderr


def test_the_week_s_examples_are_of_the_types_of_a_run() -> None:
    """Otherwise the phases would be compiled for types that no run has."""
    simulation = Simulation(load_scenario("baseline", {"village.households": 60}), weeks=2)
    simulation.advance(2)
    of_a_run = {"s": simulation.state, "p": simulation.parameters[0], "now": make_now(simulation.programme), "week": 1,
                "v": 0, "count": simulation.counts[0, 0], "total": simulation.totals[0, 0], "room": make_room(60)}  # fmt: skip
    assert EXAMPLES.keys() == of_a_run.keys()
    for name, value in of_a_run.items():
        assert numba.typeof(EXAMPLES[name]) == numba.typeof(value), name
