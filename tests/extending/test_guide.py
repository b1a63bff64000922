"""docs/EXTENDING.md says what works: its blocks of code and its commands are run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from check_readme import blocks as commands
from check_readme import first_difference
from command_line import ROOT, SETS, command
from own_process import environment

GUIDE = (ROOT / "docs" / "EXTENDING.md").read_text(encoding="utf-8")


def guide_files() -> dict[str, str]:
    """Return the guide's blocks of code that begin with the name of a file."""
    return {
        name: text
        for _, name, text in re.findall(r"```(python|yaml)\n# (\S+)\n(.*?)```", GUIDE, re.DOTALL)
    }  # fmt: skip


def write_guide(folder: Path) -> None:
    for name, text in guide_files().items():
        # The first line names the file; it stays a comment, so that lines are numbered as on the page.
        (folder / name).write_text(f"# {name}\n{text}", encoding="utf-8")


def test_the_guides_commands_print_what_it_quotes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_guide(folder)
    monkeypatch.setattr("sim.report.comparison.draw_comparison", lambda *_: None)  # pictures have tests of their own
    found = commands(GUIDE)
    assert {line.split()[1] for line, _ in found} == {"check", "explain", "run", "compare"}
    for line, quoted in found:
        _, *arguments = shlex.split(line)
        assert command([*arguments, *(["--jobs", "1"] if arguments[0] == "compare" else [])], monkeypatch) == 0
        printed = [row.rstrip() for row in capsys.readouterr().out.splitlines()]
        assert first_difference(quoted, printed) is None, line


def test_the_guides_intervention_needs_its_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_guide(folder)
    assert command(["check", "mine.yaml"], monkeypatch) == 2
    assert "mine.yaml:5: unknown kind 'courtyard_talks'" in capsys.readouterr().err


def test_the_guides_python_runs(folder: Path) -> None:
    write_guide(folder)
    files = guide_files()
    study: dict[str, Any] = {}
    exec(files["study.py"], study)
    assert study["adopted"][1] > study["adopted"][0]
    mesa: dict[str, Any] = {"__name__": "invitations"}
    exec(files["invitations.py"], mesa)
    assert mesa["difference"] > 0


def test_the_guides_error_is_the_one_that_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_guide(folder)
    talks = folder / "talks.py"
    talks.write_text(talks.read_text(encoding="utf-8").replace("reassurance", "reasurance"), encoding="utf-8")
    assert command(["check", "mine.yaml", "--interventions", "talks.py"], monkeypatch) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL) == [told.err]


def test_tests_that_the_guide_names_exist() -> None:
    named = set(re.findall(r"`(test_\w+)`", GUIDE))
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) >= 6
    assert not [name for name in named if f"def {name}(" not in text]


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", GUIDE)
    assert targets
    for target in targets:
        assert (ROOT / "docs" / target.partition("#")[0]).exists(), target


def test_interventions_in_a_process_of_its_own(folder: Path) -> None:
    """From another folder, in a run that is kept; nothing of the package is touched."""
    write_guide(folder)
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "run", "mine.yaml", "--weeks", "10", *SETS],
        capture_output=True, text=True, cwd=folder,
        env=environment(GRASSROOTS_INTERVENTIONS="talks.py"),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "adopted" in done.stdout
