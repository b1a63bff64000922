"""The viewer's own tests, run by Node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

VIEWER = Path(__file__).parents[2] / "sim" / "page" / "viewer.js"


def test_the_viewers_functions() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node; the viewer's own tests need Node 20 or later")
    done = subprocess.run(
        [node, "--test", "tests/page/viewer.test.mjs"],
        cwd=VIEWER.parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout and "# pass 0" not in done.stdout


def test_the_viewer_is_light_and_needs_nothing() -> None:
    text = VIEWER.read_text(encoding="utf-8")
    assert len(text.encode()) < 40_000
    assert "import " not in text and "fetch(" not in text and "innerHTML" not in text
