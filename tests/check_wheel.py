"""Build the sdist and from it a wheel, install that into a fresh environment, and use the command from an empty folder.

Nothing of this checkout is in reach there, nor what other runs have compiled. Ends with an error at the first command
that fails and at the first file that is missing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMALL = "--weeks 8 --set village.households=60 --set village.party_members=6 --set village.volunteers=2 --quiet"
COMMANDS = (
    "--version",
    "scenarios",
    "evidence S03",
    "check baseline places/dabu",
    "explain baseline household.own_yard",
    f"run baseline {SMALL}",
    "run town --weeks 4",
    f"compare baseline donation --replicates 4 {SMALL}",
    "report comparison --out page.html",
    "compare places/dabu --replicates 4 --weeks 8 --name dabu --json",
    "plot baseline --weeks 8 --map 1,8",
    f"batch baseline donation --draws posterior --only 4 --replicates 1 {SMALL}",
    f"sensitivity donation --n 2 {SMALL}",
    f"attribute campaign --replicates 2 {SMALL}",
    "calibrate --preview",
    "optimise village --budget-yuan 300000 --budget-hours 4000 --trials 2 --finalists 1 --luck 8 --judged 2 --replicates 1",
    "results list",
)
AFTER_CLUSTER = ("results query 'select scenario, avg(adopted) from runs group by all'", "results clean --yes")
WRITTEN = (
    "baseline/*/runs-*.parquet", "town/*/runs-*.parquet", "comparison/*/effects.csv",
    "comparison/*/adopted.png", "dabu/*/manifest.json", "figures/baseline-0-0-map.svg", "baseline/*/draws.csv",
    "sensitivity/*/indices.csv", "campaign-shares/*/shares.csv",
    "village-policy/*/policy.yaml", "cluster/baseline/*/runs-*.parquet",
)  # fmt: skip


def build(folder: Path) -> Path:
    """Return a wheel that was built from the sdist."""
    subprocess.run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def missing(wheel: Path) -> list[str]:
    """Return the sources and data of the checkout that a wheel lacks."""
    there = set(zipfile.ZipFile(wheel).namelist())
    homes = {"sim": "sim", "scenarios": "sim/_data/scenarios", "seeds": "sim/_data/seeds"}
    wanted = {
        f"{inside}/{path.relative_to(ROOT / top).as_posix()}"
        for top, inside in homes.items()
        for path in (ROOT / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return sorted(wanted - there)


def install(wheel: Path, folder: Path) -> Path:
    """Install the wheel with the extra for clusters into a new environment; return its folder of commands.

    What the wheel asks for decides what is there; the pins only say in which version.
    """
    venv.create(folder, with_pip=True)
    lines = [(ROOT / f"requirements{kind}.txt").read_text(encoding="utf-8") for kind in ("", "-dev")]
    pins = folder / "pins.txt"
    pins.write_text("\n".join(line for text in lines for line in text.splitlines() if not line.startswith("-r")))
    bin = folder / "bin"
    subprocess.run([bin / "pip", "install", "-q", "-c", pins, f"{wheel}[cluster]"], check=True)
    return bin


def use(bin: Path, folder: Path) -> None:
    """Run every command in an empty folder, and a batch on a scheduler and a worker of the same environment."""
    empty, home = folder / "empty", folder / "home"
    empty.mkdir()
    home.mkdir()
    environment = {"PATH": f"{bin}{os.pathsep}{os.defpath}", "HOME": str(home), "LANG": "C.UTF-8"}

    def run(command: str) -> None:
        began = time.monotonic()
        done = subprocess.run(
            f"grassroots {command}", shell=True, cwd=empty, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"grassroots {command}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        assert done.stdout, f"grassroots {command} printed nothing"
        if "--json" in command:
            json.loads(done.stdout)
        print(f"ok: grassroots {command} ({time.monotonic() - began:.0f} s)", flush=True)

    for command in COMMANDS:
        run(command)
    file = folder / "scheduler.json"
    log = (folder / "dask.log").open("w")
    started = [
        subprocess.Popen(
            [bin / "dask", *arguments.split(), "--scheduler-file", file], cwd=folder, env=environment, stdout=log,
            stderr=log,
        )
        for arguments in ("worker --no-dashboard", "scheduler --host 127.0.0.1 --port 0 --no-dashboard")
    ]  # fmt: skip
    try:
        until = time.monotonic() + 120
        while not file.exists() or not file.read_text():
            assert time.monotonic() < until, f"no scheduler\n{Path(log.name).read_text()}"
            time.sleep(0.2)
        address = json.loads(file.read_text())["address"]
        run(f"batch baseline --replicates 4 --scheduler {address} --results results/cluster {SMALL}")
    finally:
        for process in started:
            process.terminate()
            process.wait()
    for command in AFTER_CLUSTER:
        run(command)
    for pattern in WRITTEN:
        assert any((empty / "results").glob(pattern)), f"nothing was written to results/{pattern}"


def main() -> None:
    """Build, install and use the wheel in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="grassroots-wheel-") as name:
        folder = Path(name)
        wheel = build(folder / "dist")
        assert not missing(wheel), f"the wheel lacks {missing(wheel)}"
        use(install(wheel, folder / "environment"), folder)


if __name__ == "__main__":
    main()
