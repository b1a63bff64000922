"""Keep a race: its tables, its figures as JSON with machine, versions and date, and its picture."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from llvmlite.binding import get_host_cpu_features

from sim.numerics.lanes import COMPRESSES

from .race import Row, lines_of

FOLDER = Path("results/reference/race")
BUSY = 0.5
"""Load average per core when the benchmark begins, above which the page warns."""


def machine() -> dict[str, Any]:
    """Return the machine's description and the commit that is about to be measured.

    compresses : whether the processor compresses places in a register (see `sim.numerics.lanes`).
    """
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor(),
        "compresses": COMPRESSES in get_host_cpu_features().flatten(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average": list(os.getloadavg()),
        "commit": commit(),
    }


def commit() -> str:
    """Return the measured commit; "" outside a checkout."""
    answer = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def page(figures: dict[str, Any], report: dict[str, Any], table: list[Row]) -> str:
    """Return the race as a page: the table as the command prints it, and the ratios with their intervals.

    report : race.json.
    """
    machine_ = report["machine"]
    lines = [
        "# The race", "",
        f"Made by `python experiments/benchmark.py {'--quick ' if report['quick'] else ''}--reference` on {report['date']}, "
        f"commit {machine_['commit']}: "
        f"{machine_['processor']}, {machine_['cores']} cores, load average {machine_['load_average'][0]:.1f} before and "
        f"{machine_['load_average_after'][0]:.1f} after.", "", "```", *lines_of(table), "```", "",
    ]  # fmt: skip
    if machine_["load_average"][0] > BUSY * machine_["cores"]:
        lines[3:3] = [
            "",
            "**The machine was busy with other work.** That slows entrants with many small objects (Mesa, AgentPy) more "
            "than others, so the engine's ratios to these are too high here.",
        ]
    for key in ("shared_vs_mesa", "batch_vs_mesa", "engine_vs_twin_village", "engine_vs_twin_100k"):
        value = figures[key]
        detail = figures.get(f"{key}_detail") or figures["shared_by_peer"]["mesa"]["100000"]
        bounds = f" [{detail['low']:,.0f}, {detail['high']:,.0f}]" if value and detail["low"] is not None else ""
        lines.append(f"- `{key}`: {f'{value:,.0f}{bounds}' if value else 'not measured'}")
    return "\n".join(lines) + "\n"


def keep(
    figures: dict[str, Any], table: list[Row], weeks: list[Row], before: dict[str, Any], quick: bool, folder: Path
) -> None:
    """Write race.csv, weeks.csv, race.json, race.md, and the figure as race.png and race.svg.

    Parameters
    ----------
    figures : all of the benchmark's. before : `machine` when the benchmark began. quick : whether it was the quick one.
    """
    import numpy as np
    import pandas as pd
    import scipy

    from sim.figures.output import save
    from sim.results import write_text, write_whole

    from .figure import draw_race

    frame = pd.DataFrame(table)
    versions = {row["label"]: row["version"] for row in table if row.get("version")}
    report = {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "quick": quick,
        "machine": {**before, "load_average_after": list(os.getloadavg())},
        "versions": {
            "Python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            **versions,
        },
        "figures": figures,
    }
    write_whole(folder / "race.csv", lambda path: frame.to_csv(path, index=False, float_format="%.5g"))
    write_whole(
        folder / "weeks.csv", lambda path: pd.DataFrame(weeks).to_csv(path, index=False, float_format="%.5g")
    )  # fmt: skip
    write_text(folder / "race.json", json.dumps(report, indent=1) + "\n")
    write_text(folder / "race.md", page(figures, report, table))
    save(draw_race(frame), folder / "race")
