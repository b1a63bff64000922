"""Compile time and start: a first run with an empty cache, and a second one, both in processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from sim.compiler.machine_code import cache_folder

RUN = """
import time
from sim.scenario import load_scenario
from sim.engine.simulation import Simulation
scenario = load_scenario("baseline", [])
start = time.perf_counter()
simulation = Simulation(scenario, 1, 0, weeks=2)
simulation.advance(0)
ready = time.process_time()
simulation.advance(2)
print(time.perf_counter() - start, ready)
"""
STARTS = 5


def run_seconds(cache: Path) -> tuple[float, float]:
    """Run a short run in a process of its own with this cache of compiled code.

    Returns
    -------
    seconds : of the run itself, from building its world on. ready : processor seconds from the interpreter's start to the
    first week.
    """
    environment = {**os.environ, "GRASSROOTS_CACHE": str(cache), "PYTHONPYCACHEPREFIX": str(cache / "python")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as usual, Python may keep the bytecode of its sources
    done = subprocess.run([sys.executable, "-c", RUN], env=environment, check=True, capture_output=True, text=True)
    seconds, ready = map(float, done.stdout.split())
    return seconds, ready


def again(cache: Path) -> tuple[float, float]:
    """Return the same for later processes, the least of several, since other work can only slow one down."""
    starts = [run_seconds(cache) for _ in range(STARTS)]
    return min(seconds for seconds, _ in starts), min(ready for _, ready in starts)


def share(cache: Path) -> None:
    """Copy the code compiled into `cache` to this process's own cache if that is empty, so that it isn't compiled twice."""
    own = cache_folder()
    compiled = cache / own.relative_to(own.parents[1])
    if compiled.is_dir() and not any(own.iterdir()):
        shutil.copytree(compiled, own, dirs_exist_ok=True)
