"""`grassroots results`: what is kept is listed, asked, compared, exported and removed, and damage is told in a line."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from batches import batch

import sim.cli
from sim.analysis.compare import compare
from sim.results.catalogue import entries
from sim.scenario import load_scenario
from sim.uncertainty.draw_table import DrawTable, load_draw_table

SMALL = {"village.households": 60, "village.party_members": 6, "village.volunteers": 2}
WEEKS = 5


def command(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["grassroots", *arguments])
    with pytest.raises(SystemExit) as stop:
        sim.cli.main()
    return int(stop.value.code or 0)


def draws(folder: Path) -> DrawTable:
    (folder / "mine.csv").write_text("draw,household.persuasion\n4,0.5\n9,1.0\n")
    return load_draw_table(folder / "mine.csv")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two scenarios with 6 replicates, and one of them over two draws."""
    monkeypatch.chdir(tmp_path)
    named = {name: load_scenario(name, SMALL) for name in ("baseline", "donation")}
    batch(named, 6, 3, WEEKS, tmp_path / "results")
    batch({"baseline": named["baseline"]}, 2, 3, WEEKS, tmp_path / "results", draws=draws(tmp_path))
    return tmp_path / "results"


def of_old(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep runs as another version of the model would have."""
    with monkeypatch.context() as patch:
        patch.setattr("sim.results.identity.fingerprint", lambda: "0" * 16)
        batch({name: load_scenario(name, SMALL)}, 3, 3, WEEKS, folder)


def test_list_tells_what_is_kept(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    of_old("campaign", kept, monkeypatch)
    assert command(["results", "list"], monkeypatch) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    cells = {line.split()[0].partition("/")[0] + line.split()[3]: line.split() for line in lines[1:]}
    assert cells["baseline-"][1:6] == ["3", "5", "-", "6", "6"]
    assert cells["baselinemine"][1:6] == ["3", "5", "mine", "2", "4"]
    assert "current" in cells["baseline-"]
    assert "old" in cells["campaign-"]


def test_query_prints_and_writes_rows(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sql = "select name, draw, count(*) as n from runs group by all order by all"
    assert command(["results", "query", sql], monkeypatch) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["name", "draw", "n"], ["baseline", "4", "2"], ["baseline", "9", "2"], ["baseline", "-", "6"],
        ["donation", "-", "6"],
    ]  # fmt: skip
    assert command(["results", "query", sql, "--out", "n.csv"], monkeypatch) == 0
    assert (tmp_path / "n.csv").read_text().splitlines()[1] == "baseline,4,2"
    assert command(["results", "query", "select 1 from weekly"], monkeypatch) == 0
    assert "the first 200 rows" in capsys.readouterr().out


def test_a_query_with_json_has_all_rows_or_none(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["results", "query", "select * from range(50000)", "--json"], monkeypatch) == 0
    assert len(json.loads(capsys.readouterr().out)["tables"]["rows"]["rows"]) == 50_000
    assert command(["results", "query", "select * from range(50001)", "--json"], monkeypatch) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "more than 50000 rows; --out FILE.csv" in printed.err


def test_compare_gives_the_effects_of_a_comparison_without_running_anything(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.engine.outcomes import MAIN
    from sim.report.effects import effects_text, legend

    named = {name: load_scenario(name, SMALL) for name in ("baseline", "donation")}
    effects = compare(named, 6, 3, WEEKS).effects
    monkeypatch.setattr("sim.runs.task.Simulation", None)
    (plain,) = [item for item in entries(kept)[0] if item.name == "baseline" and not item.draws]
    assert command(["results", "compare", plain.label, "donation"], monkeypatch) == 0
    assert capsys.readouterr().out.strip() == f"{effects_text(effects, MAIN)}\n\n{legend(effects)}"


def test_export_writes_csv_with_units(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (item,) = [item for item in entries(kept)[0] if item.draws]
    assert command(["results", "export", item.label, "--out", "csv"], monkeypatch) == 0
    written = sorted(path.name for path in (tmp_path / "csv").iterdir())
    assert written == ["draws.csv", "runs.csv", "units.csv", "weekly.csv"]
    assert len((tmp_path / "csv" / "runs.csv").read_text().splitlines()) == 1 + 4
    assert len((tmp_path / "csv" / "weekly.csv").read_text().splitlines()) == 1 + 4 * WEEKS * 4
    assert "runs,yuan,yuan" in (tmp_path / "csv" / "units.csv").read_text().splitlines()
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_clean_removes_old_results_and_named_ones_but_never_reference(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = kept / "reference" / "study"
    reference.mkdir(parents=True)
    of_old("campaign", kept, monkeypatch)
    (campaign,) = [item for item in entries(kept)[0] if item.name == "campaign"]
    (reference / "manifest.json").write_text((campaign.folder / "manifest.json").read_text())
    assert command(["results", "clean"], monkeypatch) == 2  # no terminal to ask on
    assert "--yes" in capsys.readouterr().err
    assert campaign.folder.exists()
    assert command(["results", "clean", "--yes"], monkeypatch) == 0
    assert not campaign.folder.parent.exists()
    assert (reference / "manifest.json").exists()
    assert len(entries(kept)[0]) == 3
    assert command(["results", "clean", "--yes"], monkeypatch) == 0
    assert "nothing to remove" in capsys.readouterr().out
    (over,) = [item for item in entries(kept)[0] if item.draws]
    (over.folder / "notes.txt").write_text("mine")
    assert command(["results", "clean", over.label, "--yes"], monkeypatch) == 0
    assert [path.name for path in over.folder.iterdir()] == ["notes.txt"]
    assert "also has files that grassroots didn't write" in capsys.readouterr().err
    assert command(["results", "clean", "reference", "--yes"], monkeypatch) == 2


BAD = {
    "nothing of that name": (["compare", "basline", "donation"], "did you mean 'baseline'"),
    "kept more than once": (["compare", "baseline", "donation"], "names 2 sets of runs; choose one"),
    "compared with itself": (["compare", "donation", "donation"], "at least two different runs"),
    "one": (["compare", "donation"], "at least two different runs"),
    "wrong SQL": (["query", "selct 1"], "SQL: Parser Error"),
    "wrong table": (["query", "select * from nothing"], "views: runs, weekly, draws"),
    "no folder": (["list", "--results", "nowhere"], "nowhere: isn't a results folder"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_can_t_be_done_is_one_line_and_code_2(
    case: str, kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, told = BAD[case]
    assert command(["results", *arguments], monkeypatch) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert len(captured.err.splitlines()) == 1
    assert captured.out == ""


def test_runs_that_don_t_pair_are_refused(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (over,) = [item for item in entries(kept)[0] if item.draws]
    assert command(["results", "compare", over.label, "donation"], monkeypatch) == 2
    assert "don't pair: draws mine and none" in capsys.readouterr().err


@pytest.mark.parametrize("damage", ["no JSON", "a list", "no manifest", "a torn table"])
def test_a_damaged_folder_is_told_and_hides_no_other(
    damage: str, kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (item,) = [item for item in entries(kept)[0] if item.name == "donation"]
    if damage == "a torn table":
        (path,) = item.folder.glob("runs-*.parquet")
        path.write_bytes(path.read_bytes()[:-30])
    elif damage == "no manifest":
        (item.folder / "manifest.json").unlink()
    else:
        (item.folder / "manifest.json").write_text({"no JSON": "{", "a list": "[]"}[damage])
    assert command(["results", "list"], monkeypatch) == 1  # done in part
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1
    assert item.hash in captured.err
    assert re.search("damaged|no manifest", captured.err)
    assert captured.out.count("baseline/") == 2
    assert "donation" not in captured.out
