"""Roofline: what a week moves and does, what the machine can move and do, and how close the engine comes.

`python experiments/roofline.py` takes some minutes on a quiet machine; it writes the table, the machine's figures and
docs/ROOFLINE.md.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import time
from pathlib import Path

import llvmlite
import numba
import numpy as np
import pandas as pd
from benchmarks.engine import NAME, scenario_of
from benchmarks.memory import bytes_a_household
from benchmarks.reference import machine
from benchmarks.roof_page import page
from benchmarks.roof_table import COUNTED_WEEKS, HOUSEHOLDS, WEEKS, table

from sim.engine.simulation import Simulation
from sim.results import write_text

LIMIT = 200
MANY = 1_000_000


def main() -> None:
    """Measure, and write the table, the JSON and the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("results/reference/roofline"))
    parser.add_argument("--page", type=Path, default=Path("docs/ROOFLINE.md"))
    options = parser.parse_args()
    began, before = time.monotonic(), machine()
    frame, limits = table()
    village = Simulation(scenario_of(NAME), 1, 0).state
    report = {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "households": HOUSEHOLDS,
        "weeks": WEEKS,
        "counted_weeks": COUNTED_WEEKS,
        "village_households": village.households,
        "village_bytes": sum(array.nbytes for array in village),
        **limits,
        "memory": {"households": MANY, "weeks": 4, "limit": LIMIT, **bytes_a_household(MANY, 4)},
        "machine": {**before, "load_average_after": list(os.getloadavg())},
        "versions": {
            "Python": platform.python_version(),
            "numpy": np.__version__,
            "numba": numba.__version__,
            "llvmlite": llvmlite.__version__,
        },
    }
    csv, text = frame.to_csv(index=False, float_format="%.6g"), json.dumps(report, indent=1) + "\n"
    write_text(options.out / "roofline.csv", csv)
    write_text(options.out / "roofline.json", text)
    # The page is made from the files just written, so that a test can compare the two.
    write_text(options.page, page(pd.read_csv(options.out / "roofline.csv"), json.loads(text)))
    print(frame[["scenario", "phase", "ns", "bytes_in_lines", "roof_ns", "reached"]].round(3).to_string(index=False))
    print(f"\n{options.out}, {options.page}; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
