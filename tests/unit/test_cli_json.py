"""--json and --quiet: one object on standard output that keeps to the schema, numbers with units, and nothing besides."""

from __future__ import annotations

import json
import math
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, SETS, command
from jsonschema import Draft202012Validator
from own_process import environment

import sim
from sim.base.sources import fingerprint
from sim.commands.output import Output
from sim.commands.tables import TABLES

SCHEMA = json.loads((ROOT / "sim" / "commands" / "output.schema.json").read_text(encoding="utf-8"))
SMALL = [*SETS, "--weeks", "6"]
BUDGET = ["--budget-yuan", "1000", "--budget-hours", "100", "--mix", "role_model", "--luck", "8", "--judged", "2"]
CALLS: dict[str, tuple[list[str], list[str]]] = {
    "scenarios": (["scenarios"], ["scenarios"]),
    "check": (["check", "baseline", "town"], ["checked"]),
    "explain": (["explain", "baseline"], ["values"]),
    "register": (["evidence"], ["documents", "records", "patterns", "literature"]),
    "record": (["evidence", "S03"], ["records", "parameters"]),
    "run": (["run", "baseline", *SMALL], ["outcomes"]),
    "town": (["run", "town", "--weeks", "2"], ["outcomes", "villages"]),
    "batch": (["batch", "baseline", "donation", "--replicates", "3", *SMALL], ["batch"]),
    "compare": (
        ["compare", "baseline", "veteran_role_model", "donation", "veteran_role_model_and_donation", "--full",
         "--replicates", "3", *SMALL],
        ["effects", "pairing", "interaction", "attribution"],
    ),
    "report": (["report", "comparison"], []),
    "explore": (["explore", "baseline", "--no-browser"], ["address"]),
    "plot": (["plot", "baseline", "--weeks", "2"], []),
    "sensitivity": (["sensitivity", "donation", "--n", "2", *SMALL], ["indices", "luck", "verdict"]),
    "sensitivity preview": (["sensitivity", "donation", "--n", "2", "--preview", "--seed", "1", *SMALL], ["cost"]),
    "sweep": (["sweep", "donation", "--over", "interventions.donation.yuan=0,9000", "--replicates", "2", *SMALL], ["points"]),
    "calibrate preview": (["calibrate", "--preview"], ["cost"]),
    "judged patterns": (["patterns", "--replicates", "1"], ["pattern_verdicts", "quantities"]),
    "attribute": (["attribute", "veteran_role_model_and_donation", "--replicates", "2", *SMALL], ["shares"]),
    "attribute preview": (["attribute", "campaign", "--preview", "--replicates", "2", *SMALL], ["cost"]),
    "mechanisms": (["attribute", "donation", "--mechanisms", "--replicates", "2", *SMALL], ["mechanisms"]),
    "optimise preview": (["optimise", "campaign", "--preview", *BUDGET, *SETS], ["prices", "cost"]),
    "optimise": (
        ["optimise", "campaign", "--trials", "2", "--finalists", "1", "--replicates", "1", *BUDGET, *SETS],
        ["prices", "policies"],
    ),
    "list": (["results", "list"], ["kept"]),
    "query": (["results", "query", "select scenario, yuan, null as nothing from runs"], ["rows"]),
    "kept compare": (["results", "compare", "baseline", "donation"], ["effects"]),
    "export": (["results", "export", "donation", "--out", "csv"], []),
    "clean": (["results", "clean", "baseline", "--yes"], ["removed"]),
}  # fmt: skip
"""Calls in the order in which they are made in one folder, and the tables that they print."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[dict[str, Any], str]]]:
    """What each call printed on standard output, as an object, and on standard error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("empty"))
        patch.setattr("sim.report.comparison.draw_comparison", lambda *_: None)  # pictures have tests of their own
        patch.setattr("sim.explore.server.Server.serve_forever", lambda _: None)
        patch.setattr("sim.report.sensitivity.figures", lambda *_: {})
        patch.setattr("sim.report.sweep.figures", lambda *_: {})
        patch.setattr("sim.figures.output.save", lambda *_: ())
        found = {}
        for name, (arguments, _) in CALLS.items():
            with pytest.MonkeyPatch.context() as streams:
                out, err = Stream(), Stream()
                streams.setattr(sys, "stdout", out)
                streams.setattr(sys, "stderr", err)
                code = command([*arguments, "--json", "--quiet"], streams)
            assert code == 0, f"{name}: {err.text}"
            assert out.text.count("\n") == 1 and out.text.endswith("\n"), name
            found[name] = json.loads(out.text, parse_constant=pytest.fail), err.text
        yield found


class Stream:
    """A text stream that remembers."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False


@pytest.mark.parametrize("name", CALLS)
def test_a_command_prints_one_object_that_keeps_to_the_schema(
    name: str, printed: dict[str, tuple[dict[str, Any], str]]
) -> None:
    told, err = printed[name]
    arguments, tables = CALLS[name]
    Draft202012Validator(SCHEMA).validate(told)
    assert told["command"].split() == arguments[: len(told["command"].split())]
    assert (told["version"], told["model"], told["failures"], err) == (sim.__version__, fingerprint(), [], "")
    assert list(told["tables"]) == tables
    assert all(Path(file).is_absolute() or not file.startswith("/") for file in told["files"])
    for table in told["tables"].values():
        assert table["rows"]
        by_row = [column for column, form in table["columns"].items() if "unit_column" in form]
        for row in table["rows"]:
            assert list(row) == list(table["columns"])
            assert all(isinstance(row["unit"], str) for _ in by_row)


def test_numbers_are_those_of_the_tables(printed: dict[str, tuple[dict[str, Any], str]]) -> None:
    """Against the same run in Python, not rounded, and null where a number isn't defined."""
    from command_line import SMALL as SMALL_VALUES

    run = sim.run("baseline", weeks=6, overrides=[SMALL_VALUES])
    rows = printed["run"][0]["tables"]["outcomes"]["rows"]
    assert {row["outcome"]: row["value"] for row in rows} == {
        name: value if math.isfinite(value) else None for name, value in run.totals.items()
    }
    assert next(row for row in rows if row["outcome"] == "weeks_to_half")["value"] is None
    assert next(row for row in rows if row["outcome"] == "adopted")["unit"] == "share"
    villages = printed["town"][0]["tables"]["villages"]
    assert len(villages["rows"]) == 32
    assert villages["columns"]["adopted"] == {"unit": "share"}
    effects = [row for row in printed["kept compare"][0]["tables"]["effects"]["rows"] if row["outcome"] == "adopted"]
    assert [(row["scenario"], row["pairs"]) for row in effects] == [("donation", 3)]
    rows = printed["query"][0]["tables"]["rows"]["rows"]
    assert {row["scenario"] for row in rows} >= {"baseline", "donation"}
    assert all(isinstance(row["yuan"], float) and row["nothing"] is None for row in rows)


def test_every_table_is_of_commands_that_exist() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert {command for form in TABLES.values() for command in form.commands} <= set(
        SCHEMA["properties"]["command"]["enum"]
    )


@pytest.mark.parametrize(
    ("command", "tables", "fits"),
    [("compare", ("effects", "attribution"), True), ("compare", ("effects",), False), ("plot", (), True),
     ("plot", ("effects",), False), ("evidence", (), True), ("evidence", ("outcomes",), False)],
)  # fmt: skip
def test_the_schema_knows_which_tables_a_command_must_and_may_print(
    command: str, tables: tuple[str, ...], fits: bool
) -> None:
    empty = {"columns": {}, "rows": []}
    printed = {"command": command, "version": "1", "model": "0" * 16, "tables": dict.fromkeys(tables, empty),
               "files": [], "failures": []}  # fmt: skip
    assert Draft202012Validator(SCHEMA).is_valid(printed) == fits


def test_what_is_no_json_becomes_it(capsys: pytest.CaptureFixture[str]) -> None:
    import numpy as np

    output = Output("run", as_json=True)
    row: dict[str, Any] = {"a": np.float32(0.5), "b": np.nan, "c": np.inf, "d": np.int64(3), "e": np.bool_(True),
                           "f": Path("x"), "g": np.array([1.0, np.nan]), "h": "乡贤", "i": {"k": (1,)}, "j": None}  # fmt: skip
    output.table("rows", [row])
    output.text("for people")
    output.finish()
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert json.loads(printed)["tables"]["rows"]["rows"] == [
        {
            "a": 0.5,
            "b": None,
            "c": None,
            "d": 3,
            "e": True,
            "f": "x",
            "g": [1.0, None],
            "h": "乡贤",
            "i": {"k": [1]},
            "j": None,
        }
    ]


def test_failures_are_in_the_object_and_the_code_is_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command(["run", "baseline", *SMALL], monkeypatch) == 0
    (tmp_path / "results" / "old" / "0").mkdir(parents=True)
    (tmp_path / "results" / "old" / "0" / "manifest.json").write_text("{")
    capsys.readouterr()
    assert command(["results", "list", "--json"], monkeypatch) == 1
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert [row["name"] for row in told["tables"]["kept"]["rows"]] == ["baseline"]
    assert told["failures"] == captured.err.splitlines() and "is damaged" in captured.err


def test_bad_input_prints_no_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command(["run", "baselin", "--json"], monkeypatch) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and len(captured.err.splitlines()) == 1


def test_quiet_leaves_results_and_errors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["batch", "baseline", "--replicates", "2", *SMALL]
    assert command(arguments, monkeypatch) == 0
    loud = capsys.readouterr()
    assert "2/2 runs" in loud.err
    assert command([*arguments, "--quiet"], monkeypatch) == 0
    assert capsys.readouterr() == (loud.out, "")
    assert command(["run", "baselin", "-q"], monkeypatch) == 2
    assert "did you mean 'baseline'" in capsys.readouterr().err


def test_a_full_disk_is_one_line() -> None:
    done = subprocess.run(
        f"{sys.executable} -m sim.cli check baseline > /dev/full", shell=True, env=environment(), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "standard output: can't be written: No space left on device\n"


@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_on_a_terminal_there_is_no_colour_and_a_dumb_one_gets_whole_lines(term: str, tmp_path: Path) -> None:
    """NO_COLOR asks for what is so anyway; a dumb terminal can't go back to a line's beginning."""
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "batch", "baseline", "--replicates", "2", *SMALL], cwd=tmp_path,
        env=environment(TERM=term, NO_COLOR="1"), stdout=theirs, stderr=theirs, check=False,
    )  # fmt: skip
    os.close(theirs)
    shown = os.read(ours, 100_000).replace(b"\r\n", b"\n")
    os.close(ours)
    assert done.returncode == 0
    assert b"2/2 runs" in shown and b"adopted" in shown
    assert b"\x1b" not in shown
    assert (b"\r" in shown) == (term != "dumb")
