"""Analyses whose pages the tests read; of four scenarios compared, one is a file whose title has signs that HTML knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli import app
from tests.page.browsing import CHROMIUM, FLAGS

MINE = """\
extends: donation
title: A <b>smaller</b> gift & "thanks"</script><script>alert(1)</script>
interventions:
  - {name: donation, yuan: {value: 1.0e+5, assumption: a fifth of the <gift>}}
"""


@dataclass(frozen=True)
class Kept:
    """A comparison that was made by the command, and its page."""

    root: Path
    folder: Path
    page: Path

    @property
    def html(self) -> str:
        return self.page.read_text(encoding="utf-8")


def command(*arguments: Any) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("the browser's tests need Chromium (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="the browser's tests need playwright")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    root = tmp_path_factory.mktemp("page")
    mine = root / "mine.yaml"
    mine.write_text(MINE, encoding="utf-8")
    results, page = root / "results", root / "report.html"
    command("compare", "baseline", "veteran_role_model", mine, "veteran_role_model_and_donation",
            "--replicates", 20, "--results", results, "--quiet")  # fmt: skip
    (folder,) = (results / "comparison").iterdir()
    command("report", folder, "-o", page)
    yield Kept(results, folder, page)


SMALL = ("--weeks", 12, "--quiet")
KINDS: dict[str, tuple[Any, ...]] = {
    "donation": ("batch", "donation", "--replicates", 21),
    "screening": ("sensitivity", "donation", "--against", "baseline", "--over", "household.trust", "--over",
                  "household.effort", "--n", 24, "--replicates", 2, "--name", "screening"),
    "sweep": ("sweep", "donation", "--over", "household.trust=0.5,1", "--over", "interventions.donation.yuan=0,1e6",
              "--against", "baseline", "--replicates", 20),
    "veteran_role_model_and_donation-shares": ("attribute", "veteran_role_model_and_donation", "--replicates", 20),
    "veteran_role_model-mechanisms": ("attribute", "veteran_role_model", "--mechanisms", "--replicates", 20),
}  # fmt: skip
BUDGET = ("--budget-yuan", 2e5, "--budget-hours", 2000)
SEARCH = ("--trials", 4, "--finalists", 1, "--luck", 8, "--judged", 4, "--mix", "donation", "--mix", "role_model")
OPENED = ("donation", "screening")
"""Those whose pages the browser opens: a run that is played, and sections with pictures and tables."""
ANALYSES = [*KINDS, "village-policy", "patterns"]
"""Names of small analyses, of all kinds but comparisons and calibrations."""


def make(root: Path, name: str) -> None:
    """Make an analysis in ``results`` and its page."""
    command(*KINDS[name], *SMALL, "--results", root / "results")
    command("report", name, "-o", root / f"{name}.html", "--results", root / "results")


@pytest.fixture(scope="session")
def opened_analyses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages that the browser opens."""
    root = tmp_path_factory.mktemp("analyses")
    for name in OPENED:
        make(root, name)
    return root


@pytest.fixture(scope="session")
def root(opened_analyses: Path) -> Iterator[Path]:
    root = opened_analyses
    results = ("--results", root / "results")
    for name in set(KINDS) - set(OPENED):
        make(root, name)
    command("optimise", "village", *BUDGET, *SEARCH, "--quiet", *results)
    command("report", "village-policy", "-o", root / "village-policy.html", *results)
    command("patterns", "--replicates", 1, "--quiet", *results)
    command("report", "patterns", "-o", root / "patterns.html", *results)
    yield root
