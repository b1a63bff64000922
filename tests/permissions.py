"""Permissions of files, in tests that root may run: root passes over them unless it gives up the right to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from own_process import ROOT, environment


def giving_up() -> list[str]:
    """Return the words to put before a command so that permissions hold for it; it skips the test where that can't be."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root passes over permissions, and there is no setpriv (util-linux) to give that up")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def passed_for_anybody(test: pytest.FixtureRequest, folder: Path) -> bool:
    """Run the test again in a process for which permissions hold; return False if they hold already. folder : empty."""
    probe = folder / "probe"
    probe.touch(mode=0)
    held = not os.access(probe, os.R_OK)
    probe.unlink()
    if held:
        return False
    done = subprocess.run(
        [*giving_up(), sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test.node.nodeid], cwd=ROOT,
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "skipped" not in done.stdout, done.stdout + done.stderr
    return True
