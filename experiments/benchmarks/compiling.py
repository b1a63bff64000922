"""Compile time: a first run with an empty cache, less a second one, both in processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from sim.compiled import cache_folder, cache_root

RUN = """
import time
from sim.scenario import load_scenario
from sim.simulation import Simulation
scenario = load_scenario("baseline", [])
start = time.perf_counter()
Simulation(scenario, 1, 0, weeks=2).advance(2)
print(time.perf_counter() - start)
"""


def run_seconds(cache: Path) -> float:
    """Return the seconds of a short run in a process of its own with this cache of compiled code."""
    environment = {**os.environ, "GRASSROOTS_CACHE": str(cache)}
    return float(subprocess.run([sys.executable, "-c", RUN], env=environment, check=True, capture_output=True).stdout)


def share(cache: Path) -> None:
    """Let this process, if its own cache is empty, use what was compiled into this one instead of compiling it again."""
    own = cache_folder()
    found = cache / own.relative_to(cache_root())
    if found.is_dir() and not any(own.iterdir()):
        shutil.copytree(found, own, dirs_exist_ok=True)
