"""The page of a comparison with an intervention from outside the package."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app

SKELETONS = Path(__file__).parents[2] / "docs" / "skeletons"


def test_a_page_of_an_own_intervention_needs_its_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = ["--interventions", str(SKELETONS / "intervention.py")]
    scenario = str(SKELETONS / "intervention_scenario.yaml")
    call = ["compare", "baseline", scenario, "--replicates", "2", "--weeks", "6", "--quiet"]
    assert CliRunner().invoke(app, [*call, *own]).exit_code == 0
    assert CliRunner().invoke(app, ["report", "comparison", *own]).exit_code == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.count("Members open their yards once a month") > 0
    assert page.count("开放日") > 0  # the name in Chinese that its class declares
    assert page.count("没有办法") > 0
    monkeypatch.setattr("sim.results.identity.loaded_digests", list)
    refused = CliRunner().invoke(app, ["report", "comparison"])
    assert "name the files of --interventions with which it was made, unchanged" in str(refused.exception)
