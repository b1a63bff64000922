"""Compile time: a first run with an empty cache, less a second process, both in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

FIRST_RUN = """
import time
from sim.scenario import load_scenario
from sim.simulation import Simulation
scenario = load_scenario("baseline", [])
start = time.perf_counter()
Simulation(scenario, 1, 0, weeks=2).advance(2)
print(time.perf_counter() - start)
"""


def compile_seconds() -> float:
    """Return the seconds of a first run with an empty cache, less those of a second process."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GRASSROOTS_CACHE": folder}
        command = [sys.executable, "-c", FIRST_RUN]
        cold, warm = (
            float(subprocess.run(command, env=environment, check=True, capture_output=True).stdout) for _ in range(2)
        )
    return cold - warm
