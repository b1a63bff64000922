"""Folders of an earlier edition, and of other products, in a results folder: told in one line, and left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from batches import batch
from command_line import SMALL, command

from sim.results.catalogue import EARLIER, entries
from sim.scenario import load_scenario

HASHES = [f"{number:016x}" for number in range(5)]
FILES = {
    f"baseline/{HASHES[0]}/manifest.json": json.dumps({"layout": 2, "seed": 3, "weeks": 4, "versions": {}}),
    f"baseline/{HASHES[0]}/runs-000000-000393.parquet": "PAR1",
    f"comparison/{HASHES[1]}/manifest.json": json.dumps({"seed": 3, "versions": {}, "failures": []}),
    f"sensitivity/{HASHES[2]}/draws-000000-000023.parquet": "PAR1",
    f"runs/{HASHES[3]}/piece-0-1-2-256.parquet": "PAR1",
    f"calibration/{HASHES[4]}/waves.csv": "wave,target\n",
}
"""What the first edition wrote, by path: a manifest with runs or a report, and folders without a manifest."""
FOREIGN = {"site/public/manifest.json": '{"name": "a web page"}'}


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "results"
    for path, text in {**FILES, **FOREIGN}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    batch({"baseline": load_scenario("baseline", SMALL)}, 3, 3, 4, root)
    return root


@pytest.mark.usefixtures("results")
def test_they_are_listed_as_such(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["results", "list"], monkeypatch) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    lines = [line.split()[0] for line in printed.out.splitlines() if "of an earlier edition, left alone" in line]
    assert lines == [
        f"{Path(path).parent}" for path in sorted(FILES) if "parquet" not in path or "baseline" not in path
    ]


COMMANDS = {
    "query": ["query", "select count(*) from runs"],
    "query all": ["query", "select count(*) from all_runs"],
    "export": ["export", "baseline", "--out", "csv"],
    "clean": ["clean", "--yes"],
    "clean one": ["clean", f"baseline/{HASHES[0]}", "--yes"],
    "clean all": ["clean", "baseline", "comparison", "sensitivity", "runs", "calibration", "--yes"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_they_stop_no_command_and_none_changes_them(
    name: str, results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["results", *COMMANDS[name]], monkeypatch) == 0
    told = capsys.readouterr().err.splitlines()
    assert told == (
        []
        if name == "export"
        else [f"results: leaves {1 if name == 'clean one' else 5} folder(s) of an earlier edition alone"]
    )
    assert {path: (results / path).read_text() for path in {**FILES, **FOREIGN}} == {**FILES, **FOREIGN}
    assert sum(item.kind == EARLIER for item in entries(results)[0]) == 5


@pytest.mark.usefixtures("results")
def test_runs_of_an_earlier_edition_can_t_be_compared(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["results", "compare", "baseline", "sensitivity"], monkeypatch) == 2
    assert capsys.readouterr().err == "results: 'sensitivity' was made by an earlier edition\n"
