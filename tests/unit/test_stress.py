"""A short turn of the stress script: processes that fill, ask and list one results folder at once, one of them killed."""

from __future__ import annotations

from pathlib import Path

from stress_results import stress


def test_processes_on_one_folder_lose_nothing(tmp_path: Path) -> None:
    assert stress(tmp_path, rounds=4, processes=2, killed=1) == []
