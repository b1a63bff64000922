"""Odd environments lead to a result or to one clear line: no home, full disks, closed streams, names that aren't UTF-8.

The corpus is tests/corpus/environment.txt.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from corpora import CORPUS, corpus
from own_process import environment

CASES = corpus("environment.txt")


@pytest.mark.parametrize(("code", "told", "command"), CASES, ids=[case[2] for case in CASES])
def test_a_command_in_an_odd_environment(code: str, told: str, command: str, tmp_path: Path) -> None:
    folder = shutil.copytree(CORPUS / "files", tmp_path / "files")
    grassroots = tmp_path / "G"
    grassroots.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sim.cli "$@"\n')
    grassroots.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{environment()['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment(**path), capture_output=True, timeout=120, check=False
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == int(code), err
    assert told in out + err
    if "--debug" not in command:
        assert "Traceback" not in err
        assert code != "2" or len(err.splitlines()) <= 1, err


def test_a_fault_in_the_program_keeps_its_traceback(tmp_path: Path) -> None:
    program = "import sys, sim.cli, sim.scenario\nsim.scenario.scenario_names = lambda: 1 / 0\n"
    program += "sys.argv = ['grassroots', 'scenarios']\nsim.cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"
