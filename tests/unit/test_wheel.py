"""What is installed from a wheel is whole and runs outside the checkout; `make wheel` tries it in a fresh environment."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from check_wheel import ROOT, missing

import sim


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_a_wheel_holds_every_source_and_every_file_of_data(wheel: Path) -> None:
    assert missing(wheel) == []


def test_a_wheel_runs_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    site, empty = tmp_path / "site", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(site)
    empty.mkdir()
    told = "import sim, sim.scenario; print(sim.__file__); print(sim.scenario.scenarios_folder())"
    small = "--weeks 2 --set village.households=60 --set village.party_members=6 --set village.volunteers=2"
    for arguments in (["-c", told], ["-m", "sim.cli", "run", "places/dabu", "--quiet", *small.split()]):
        done = subprocess.run(
            [sys.executable, *arguments], cwd=empty, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        if arguments[0] == "-c":
            assert all(line.startswith(str(site)) for line in done.stdout.splitlines())
    assert list(empty.glob("results/*dabu/*/runs-*.parquet"))


def test_the_citation_tells_the_version() -> None:
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"] == sim.__version__
