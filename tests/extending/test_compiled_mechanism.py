"""The guide's compiled mechanism, with its term in the decision and its part of the twin, put into a copy of the package."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ROOT
from own_process import environment

GUIDE = (ROOT / "docs" / "EXTENDING.md").read_text(encoding="utf-8")
SKELETONS = {
    "mechanism.py": "sim/engine/mechanisms/loudspeaker.py", "twin_mechanism.py": "tests/oracle/loudspeaker.py",
    "test_mechanism.py": "tests/mechanisms/test_loudspeaker.py",
}  # fmt: skip
TWIN = '''"""The engine with the mechanism equals the twin with it, and the mechanism does something."""

from any_intervention import told, world
from oracle.comparing import first_differences

from sim.engine.simulation import Simulation
from sim.engine.tallies import row
from sim.engine.terms import TERMS
from sim.interventions import Effect

LOUD = world(told(Effect("loudspeaker", 4.0), stop=6), villages=[{"name": "a"}, {"name": "b", "households": 40}], weeks=12,
             village__households=70, household__predisposition=-2.0, household__climb_rate=0.5, household__slip_rate=0.1)


def test_the_twin_is_equal() -> None:
    assert first_differences(LOUD, 12, 3) == []
    assert first_differences(world(weeks=6, village__households=70), 6) == []


def test_climbs_are_put_down_to_it() -> None:
    run = Simulation(LOUD, 3, 0, 12)
    run.advance(12)
    assert run.counts[:6, :, row("hearers")].sum() > 100 > run.counts[6:, :, row("hearers")].sum() == 0
    assert run.counts[..., row("climbs_loudspeaker")].sum() > 10
    assert (run.state.column("tipped_by") == TERMS["loudspeaker"].number).any()
    assert TERMS["loudspeaker"].label == "the loudspeaker's words"
'''


def apply(diff: str, root: Path) -> None:
    """Apply a diff of the guide: after the file's name, pieces that are each found once in the file."""
    name, _, body = diff.removeprefix("--- ").partition("\n")
    path = root / name
    text = path.read_text(encoding="utf-8")
    for piece in body.split("@@\n"):
        lines = piece.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        assert text.count(old) == 1, f"{name}: {old}"
        text = text.replace(old, "".join(line[1:] for line in lines if line[0] in " +"))
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout with the guide's mechanism in it."""
    root = tmp_path_factory.mktemp("checkout")
    for folder in ("sim", "scenarios", "seeds", "tests/oracle"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests" / "mechanisms").mkdir()
    for path in (ROOT / "tests").glob("*.py"):
        shutil.copy(path, root / "tests")
    for skeleton, place in SKELETONS.items():
        shutil.copy(ROOT / "docs" / "skeletons" / skeleton, root / place)
    for diff in re.findall(r"```diff\n(.*?)```", GUIDE, re.DOTALL):
        apply(diff, root)
    (root / "tests" / "mechanisms" / "test_twin.py").write_text(TWIN, encoding="utf-8")
    return root


def test_the_guides_mechanism_passes_its_test_and_equals_its_twin(copy: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/mechanisms"], cwd=copy, text=True,
        capture_output=True, env=environment(PYTHONPATH=f"{copy}:{copy / 'tests'}", GRASSROOTS_CACHE=str(copy / "cache")),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed" in done.stdout


def test_the_term_on_the_page_is_the_skeleton_s() -> None:
    shown = re.search(r"@term\(.*?\n(def .*?\n)    (return .*?\n)", GUIDE, re.DOTALL)
    text = (ROOT / "docs" / "skeletons" / "mechanism.py").read_text(encoding="utf-8")
    assert shown is not None
    assert shown[1] in text and shown[2] in text
