"""Peak memory: how much a process grows by building and running a large village, as the system tells it."""

from __future__ import annotations

import subprocess
import sys

GROWTH = """
import sys
from pathlib import Path
sys.path.insert(0, "experiments")
from benchmarks.engine import NAME, scenario_of
from sim.engine.simulation import Simulation
households, weeks = int(sys.argv[1]), int(sys.argv[2])

def told(name):  # getrusage would tell the peak of the process that started this one
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(name))

Simulation(scenario_of(NAME), 1, 0, weeks).advance(weeks)
before = told("VmRSS")
simulation = Simulation(scenario_of(NAME, households), 1, 0, weeks)
simulation.advance(weeks)
print((told("VmHWM") - before) / households, (told("VmRSS") - before) / households, simulation.state.bytes_per_household())
"""


def bytes_a_household(households: int, weeks: int) -> dict[str, float]:
    """Return bytes a household of a process of its own (Linux): its growth at the highest while building and running
    some weeks, its growth at the end, and the columns alone. The interpreter and a small village are left out.
    """
    command = [sys.executable, "-c", GROWTH, str(households), str(weeks)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return dict(zip(("peak", "running", "columns"), map(float, told), strict=True))
