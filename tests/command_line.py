"""Run the command in this process, on small villages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import sim.cli

ROOT = Path(__file__).parents[1]
SMALL = {
    "village.households": 80, "village.party_members": 8, "village.volunteers": 2, "village.worthies": 3,
    "village.representatives": 4,
}  # fmt: skip
SETS = [part for key, value in SMALL.items() for part in ("--set", f"{key}={value}")]


def command(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the command in this process and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["grassroots", *arguments])
    with pytest.raises(SystemExit) as stop:
        sim.cli.main()
    return int(stop.value.code or 0)
