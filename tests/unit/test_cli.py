"""The command: quick to start, at home in any folder, and every mistake is one line and exit code 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import command
from own_process import environment, output_of

import sim.cli
from sim.engine.outcomes import TOTALS, unit_text
from sim.scenario import scenario_names

VILLAGE = {"households": 60, "party_members": 6, "volunteers": 2, "worthies": 2, "representatives": 3}
SMALL = [word for name, value in VILLAGE.items() for word in ("--set", f"village.{name}={value}")]
HEAVY = (
    "numba", "numpy", "mesa", "pandas", "matplotlib", "scipy", "pyarrow", "duckdb", "distributed", "optuna", "sklearn",
    "ema_workbench",
)  # fmt: skip


def process(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *arguments], cwd=folder, env=environment(COLUMNS="100"), capture_output=True,
        text=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("option", "line"), [("--help", "compare"), ("--version", f"grassroots {sim.__version__} (model ")]
)
def test_help_and_version_import_nothing_heavy(option: str, line: str, tmp_path: Path) -> None:
    program = (
        f"import sys\nfrom sim.cli import main\nsys.argv = ['grassroots', '{option}']\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\nprint('heavy:', heavy)\n"
    )
    told = output_of(program, cwd=tmp_path)
    assert told.splitlines()[-1] == "heavy: []"
    assert line in told


def test_help_tells_the_exit_codes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["--help"], monkeypatch) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert sim.cli.EXIT_CODES in told


@pytest.mark.parametrize("arguments", [[], ["results"]])
def test_a_command_without_anything_to_do_shows_its_help(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(arguments, monkeypatch) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("Usage: ") and "\nCommands:\n" in captured.err


@pytest.mark.parametrize(
    ("line", "completed"),
    [("grassroots comp", ["compare"]), ("grassroots run veteran_role_model_", ["veteran_role_model_and_donation"]),
     ("grassroots compare baseline places/da", ["places/dabu"]), ("grassroots run mine", [])],
)  # fmt: skip
def test_the_shell_completes_commands_and_scenarios(line: str, completed: list[str], tmp_path: Path) -> None:
    words = line.split(" ")
    asked = {"_GRASSROOTS_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'grassroots'; import sim.cli; sim.cli.main()"], cwd=tmp_path,
        env=environment(**asked), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.split() == completed
    assert done.stderr == ""


@pytest.mark.parametrize("name", [*(one.__name__ for one in sim.cli.COMMANDS), "results"])
def test_every_command_has_help(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert command([name, "--help"], monkeypatch) == 0
    assert len(capsys.readouterr().out) > 100


BAD = {
    "unknown scenario": (["run", "baselin"], "did you mean 'baseline'"),
    "unknown file": (["check", "nowhere.yaml"], "can't be read"),
    "unknown key": (["run", "baseline", "--set", "household.own_yrd=0.3"], "did you mean 'household.own_yard'"),
    "value out of range": (["run", "baseline", "--set", "household.own_yard=3"], "own_yard"),
    "value of another type": (["run", "baseline", "--set", "household.own_yard=much"], "own_yard"),
    "no value": (["run", "baseline", "--set", "household.own_yard"], "key=value"),
    "the same key twice": (["run", "baseline", "--set", "weeks=3", "--set", "weeks=4"], "weeks"),
    "unknown override": (["run", "baseline", "--override", "nothing"], "unknown override"),
    "unknown option": (["run", "baseline", "--sed", "3"], "--sed"),
    "option without value": (["run", "baseline", "--seed"], "--seed"),
    "seed no number": (["run", "baseline", "--seed", "x"], "--seed"),
    "negative seed": (["run", "baseline", "--seed", "-1"], "--seed"),
    "no weeks": (["run", "baseline", "--weeks", "0"], "--weeks"),
    "unknown command": (["rum", "baseline"], "rum"),
    "missing argument": (["run"], "argument"),
    "one scenario to compare": (["compare", "baseline"], "at least two"),
    "the same scenario twice": (["compare", "baseline", "baseline"], "two scenarios are called"),
    "too few replicates": (["compare", "baseline", "donation", "--replicates", "1"], "--replicates"),
    "unknown record": (["evidence", "S999"], "S999"),
    "unknown key to explain": (["explain", "baseline", "household.own"], "household.own"),
    "bad list of weeks": (["plot", "baseline", "--map", "1,x"], "--map"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_code_2(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, told = BAD[case]
    assert command(arguments, monkeypatch) == 2
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1, captured.err
    assert told in captured.err
    assert "Traceback" not in captured.err + captured.out
    assert captured.out == ""
    assert not list(tmp_path.iterdir())


FILES = {
    "not YAML": "a: [1\n", "a list": "- 1\n", "empty": "", "unknown key": "title: x\nhousehold: {own_yrd: 1}\n",
    "duplicate": "title: x\ntitle: y\n", "unknown intervention": "title: x\ninterventions: [{kind: prayer}]\n",
    "anchors": "title: &x y\nweeks: *x\n", "intervention without kind": "title: x\ninterventions: [{start: 1}]\n",
    "stop before start": "title: x\ninterventions: [{kind: donation, start: 5, stop: 2}]\n",
    "uses that don't sum": "title: x\ninterventions: [{kind: donation, uses: {works: 0.9}}]\n",
    "rates above 1": "title: x\nhousehold: {climb_rate: 0.7, slip_rate: 0.7}\n",
    "more members than allowed": "title: x\nvillage: {party_members: 0}\n",
    "extends nothing there": "extends: nowhere\ntitle: x\n", "extends itself": "extends: me.yaml\ntitle: x\n",
    "evidence that isn't there": "title: x\nweeks: {from: S99.nothing}\n",
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("name", ["check", "run"])
def test_a_bad_file_is_one_line_with_its_name(
    case: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("me.yaml").write_text(FILES[case], encoding="utf-8")
    assert command([name, "me.yaml"], monkeypatch) == 2
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1, captured.err
    assert captured.err.startswith("me.yaml")
    assert [path.name for path in tmp_path.iterdir()] == ["me.yaml"]


def test_a_bad_file_in_a_process_of_its_own_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "me.yaml").write_text(FILES["unknown key"], encoding="utf-8")
    done = process(["run", "me.yaml"], tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("me.yaml:2: ")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_an_unwritable_results_folder_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "results").write_text("a file")
    assert (
        command(["run", "baseline", "--weeks", "2", *SMALL, "--results", str(tmp_path / "results")], monkeypatch) == 2
    )
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1
    assert "can't be written" in captured.err


def test_a_damaged_result_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ["run", "baseline", "--weeks", "2", *SMALL, "--results", str(tmp_path)]
    assert command(arguments, monkeypatch) == 0
    (path,) = tmp_path.rglob("*.parquet")
    path.write_bytes(path.read_bytes()[:100])
    capsys.readouterr()
    assert command(arguments, monkeypatch) == 2
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1
    assert path.name in captured.err


def test_commands_work_from_anywhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command(["scenarios"], monkeypatch) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in scenario_names())
    assert command(["check", *scenario_names()], monkeypatch) == 0
    assert capsys.readouterr().out.count(": ok: ") == len(scenario_names())
    assert command(["explain", "baseline", "household.own_yard"], monkeypatch) == 0
    assert "own_yard" in capsys.readouterr().out
    assert command(["evidence", "S03"], monkeypatch) == 0
    assert "S03" in capsys.readouterr().out
    assert command(["evidence"], monkeypatch) == 0
    assert "S03" in capsys.readouterr().out


def test_run_keeps_its_table_and_finds_it_the_next_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["run", "baseline", "--weeks", "4", *SMALL]
    assert command(arguments, monkeypatch) == 0
    first = capsys.readouterr().out
    assert "wrote results" in first
    assert len(list((tmp_path / "results").rglob("runs-*.parquet"))) == 1
    assert command(arguments, monkeypatch) == 0
    second = capsys.readouterr().out
    assert second == first.replace("wrote results", "found results")
    assert command([*arguments, "--seed", "1"], monkeypatch) == 0
    assert "wrote results" in capsys.readouterr().out


def test_run_in_a_process_from_another_folder(tmp_path: Path) -> None:
    done = process(["run", "baseline", "--weeks", "2", *SMALL], tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "adopted" in done.stdout


def test_compare_tells_differences_and_writes_tables(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.report.comparison.draw_comparison", lambda *_: None)  # pictures have tests of their own
    arguments = ["compare", "baseline", "donation", "--replicates", "4", "--weeks", "6", *SMALL, "--jobs", "1"]
    assert command(arguments, monkeypatch) == 0
    first = capsys.readouterr()
    assert "4/4" in first.err or "8/8" in first.err
    assert "baseline" in first.out
    assert "95 % interval" in first.out
    assert len(list((tmp_path / "results").rglob("effects.parquet"))) == 1
    assert command(arguments, monkeypatch) == 0
    second = capsys.readouterr()
    assert second.out == first.out
    assert second.err == ""  # the kept report, without a look at the runs
    assert "climbs by the term" in first.out
    assert "all slips" not in first.out
    assert command([*arguments, "--why"], monkeypatch) == 0
    assert "all slips" in capsys.readouterr().out
    assert "in pictures\n  baseline  No programme\n  donation  Worthies donate\n" in first.out
    words = {"share": "%; difference in percentage points", "weeks": "weeks waited, within those of the run"}
    heads = {f"{one.label} ({words.get(one.unit) or unit_text(one.unit)})": one for one in TOTALS}
    printed = [heads[line].name for line in first.out.splitlines() if line in heads]
    assert printed == ["adopted", "clean", "self_initiated", "newcomer_gap", "yuan", "hours"]
    assert command([*arguments, "--full"], monkeypatch) == 0
    full = capsys.readouterr().out.splitlines()
    assert sorted(heads[line].name for line in full if line in heads) == sorted(one.name for one in TOTALS)
    assert {one.topic.upper() for one in TOTALS} <= set(full)


def test_failed_runs_are_told_and_the_code_is_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from sim.engine.simulation import Simulation

    class Broken(Simulation):
        def advance(self, weeks: int = 1, threads: int = 1) -> None:
            if self.replicate == 1 and self.scenario.interventions:
                raise ZeroDivisionError("as planned")
            super().advance(weeks, threads)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.report.comparison.draw_comparison", lambda *_: None)
    monkeypatch.setattr("sim.runs.task.Simulation", Broken)
    arguments = ["compare", "baseline", "donation", "--replicates", "4", "--weeks", "6", *SMALL, "--seed", "9"]
    assert command(arguments, monkeypatch) == 1
    captured = capsys.readouterr()
    assert "run failed: scenario donation, seed 9, replicate 1: ZeroDivisionError: as planned" in captured.err
    assert "Traceback" not in captured.err


def test_a_scenario_without_one_good_run_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from sim.engine.simulation import Simulation

    class Broken(Simulation):
        def advance(self, weeks: int = 1, threads: int = 1) -> None:
            if self.scenario.interventions:
                raise ZeroDivisionError("as planned")
            super().advance(weeks, threads)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.runs.task.Simulation", Broken)
    arguments = ["compare", "baseline", "donation", "--replicates", "3", "--weeks", "6", *SMALL, "--seed", "9"]
    assert command(arguments, monkeypatch) == 2
    error = capsys.readouterr().err
    assert "every run of donation failed; the first: run failed: scenario donation, seed 9, replicate 0" in error
    assert "Traceback" not in error
    for name in ("run", "plot", "batch"):
        assert command([name, "donation", "--weeks", "6", *SMALL, "--seed", "9"], monkeypatch) == 2
        captured = capsys.readouterr()
        last = captured.err.splitlines()[-1]
        assert last.endswith("run failed: scenario donation, seed 9, replicate 0: ZeroDivisionError: as planned")
        assert captured.out == "" and "Traceback" not in captured.err


def test_an_interruption_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.runs.service.made", interrupt)
    assert command(["run", "baseline", *SMALL], monkeypatch) == 130
    assert "finished runs are stored" in capsys.readouterr().err
