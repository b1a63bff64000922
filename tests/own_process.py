"""Python in a process of its own: with this checkout's package, and what it does told by what it prints."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
OPENED = """
import sys
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)

def tell_opened():
    print(sorted(path.rpartition("/")[2] for path in opened if path.endswith(".yaml")))
    opened.clear()

"""
"""A program's beginning, after which `tell_opened()` prints the names of the YAML files opened since the last time."""


def environment(*folders: Path, **changes: str) -> dict[str, str]:
    """Return this process's environment, changed, for a child that imports from the folders and from this checkout."""
    paths = os.pathsep.join(map(str, (*folders, ROOT)))
    return {**os.environ, "PYTHONPATH": paths, **changes}


def output_of(program: str, *arguments: str, cwd: Path | None = None, **changes: str) -> str:
    """Return what a program prints, without the line's end; the process must end well and complain of nothing."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=cwd, env=environment(**changes), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout.strip()


def heed_interrupts() -> None:
    """Undo, in a child, what a shell does to what it runs in the background: Python would go on ignoring Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
