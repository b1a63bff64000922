"""Peak memory: how much a process grows by building and running a large village, by the system's account."""

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

def status(name):  # getrusage would report the peak of the process that started this one
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(name))

Simulation(scenario_of(NAME), 1, 0, weeks).advance(weeks)
before = status("VmRSS")
simulation = Simulation(scenario_of(NAME, households), 1, 0, weeks)
simulation.advance(weeks)
print(
    (status("VmHWM") - before) / households, (status("VmRSS") - before) / households, simulation.state.bytes_per_household()
)
"""


def bytes_a_household(households: int, weeks: int) -> dict[str, float]:
    """Return bytes per household, measured in a process of its own (Linux): its highest growth while building and running
    `weeks` weeks, its growth at the end, and the columns alone. The interpreter and a small village are subtracted.
    """
    command = [sys.executable, "-c", GROWTH, str(households), str(weeks)]
    figures = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return dict(zip(("peak", "running", "columns"), map(float, figures), strict=True))
