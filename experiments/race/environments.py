"""Environments: one for each peer that isn't installed with the project, with exact versions, under `.venv-peers/`."""

from __future__ import annotations

import subprocess
import sys

from .entrants import ENVIRONMENTS, HERE, PEERS


def install() -> None:
    """Make the environments that are missing; each takes up to a minute and a few hundred megabytes."""
    for package in sorted({peer.package for peer in PEERS if peer.python() is None}):
        folder = ENVIRONMENTS / package
        print(f"{package}: {folder}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "pip"), "install", "--disable-pip-version-check", "-q"]
        subprocess.run([*pip, "-r", str(HERE / f"requirements-{package}.txt")], check=True)
