"""Every study runs, at a tiny size and from the code of `make results`, and gives the tables that are committed here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tiny import CHECKOUT, EXPERIMENTS, LOOSE, STUDIES, TABLES, TEXTS, committed, difference, name_in, run, small

WRITTEN = ("results", "scenarios", "docs/PATTERNS.md")
"""What studies write in the checkout at their full size."""


def state() -> dict[Path, int]:
    """Return when each file was written that a study of full size writes."""
    paths = [path for part in WRITTEN for path in (CHECKOUT / part, *(CHECKOUT / part).rglob("*"))]
    return {path: path.stat().st_mtime_ns for path in paths}


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_gives_its_tables_and_figures_and_leaves_the_checkout_alone(study: str, tmp_path: Path) -> None:
    before = state()
    texts, pictures = run(study, tmp_path)
    assert state() == before
    expected = committed(study)
    assert small(texts).keys() == expected.keys()
    wrong = {name: difference(texts[name], text, LOOSE.get(study, 0.0)) for name, text in expected.items()}
    assert not any(wrong.values()), wrong
    reference = CHECKOUT / "results" / "reference" / study
    files = {name_in(reference, path) for path in reference.rglob("*")}
    assert texts.keys() == {name for name in files if name.endswith(TEXTS)}
    assert pictures == {name.removesuffix(".png") for name in files if name.endswith(".png")}


def test_all_studies_are_made_by_make_results() -> None:
    recipe = (CHECKOUT / "Makefile").read_text(encoding="utf-8").partition("\nresults:")[2].partition("\n\n")[0]
    assert sorted(line.split("/")[-1].split(".py")[0] for line in recipe.splitlines()[1:]) == list(STUDIES)
    assert "--" not in recipe


def test_a_tiny_study_asks_for_a_folder() -> None:
    path = EXPERIMENTS / f"{STUDIES[0]}.py"
    done = subprocess.run([sys.executable, path, "--tiny"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--tiny needs --folder" in done.stderr


def test_a_study_that_cant_keep_its_runs_says_so_in_one_line(tmp_path: Path) -> None:
    taken = tmp_path / "runs"
    taken.write_text("not a folder")
    path = EXPERIMENTS / "01_veterans_against_donations.py"
    done = subprocess.run(
        [sys.executable, path, "--tiny", "--folder", tmp_path, "--runs", taken],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(str(taken)) and last.endswith(": can't be written: Not a directory")


@pytest.mark.parametrize(
    ("text", "tolerance", "told"),
    [("a,1.5\nb,2", 0, ""), ("a,1.5\nb,3", 0, "'b,3' instead of 'b,2'"), ("a,1.6\nb,2", 0.1, ""),
     ("c,1.5\nb,2", 0.1, "'c,1.5' instead of 'a,1.5'"), ("a,1.5", 0, "1 lines instead of 2"),
     ("a,1.5\nb,2,7", 9, "'b,2,7' instead of 'b,2'"), ("a,1.5\nb,-2", 0.1, "'b,-2' instead of 'b,2'")],
)  # fmt: skip
def test_a_difference_is_told(text: str, tolerance: float, told: str) -> None:
    assert difference(text, "a,1.5\nb,2", tolerance) == told


def test_every_variant_of_study_11_is_another_model() -> None:
    """Code kept for the model as it is, used for a changed constant, would change no replicate."""
    changes = pd.read_csv(TABLES / "11_discretisation" / "changes.csv").set_index("scenario")
    assert len(set(changes.index)) == 4
    assert (changes["difference"] != 0.0).all()
