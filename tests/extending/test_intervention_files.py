"""Interventions from files, and from installed packages: what is loaded, told and hashed."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import numpy as np
import pytest
from command_line import command
from own_process import output_of

from sim import load_scenario
from sim.analysis.menu import load_menu
from sim.analysis.policy_runs import PolicyRuns
from sim.interventions import (
    KINDS,
    _outside,
    digest,
    find_interventions,
    load_interventions,
)  # fmt: skip
from sim.results import run_hash
from sim.results.identity import run_inputs
from sim.runs import Collection

HEAD = "from typing import Literal\nfrom sim.interventions import Effect, Intervention, register\n"
GOOD = HEAD + '@register\nclass Bell(Intervention):\n    """Ring."""\n    kind: Literal["bell"]\n'
FILES = {
    "nothing there": (None, "file.py: can't be read: No such file or directory"),
    "no Python": ("class Bell(:\n", "file.py:1: SyntaxError: "),
    "an error": ("x = 1\ny = z\n", "file.py:2: NameError: name 'z' is not defined"),
    "an error elsewhere": ("import json\njson.loads('{')\n", "file.py:2: JSONDecodeError: "),
    "an exit": ("import sys\nsys.exit(0)\n", "file.py:2: SystemExit: 0"),
    "nothing registered": (GOOD.replace("@register\n", ""), "file.py: registers no intervention: put @register above"),
    "an unknown type": (GOOD.replace("from typing import Literal\n", "from __future__ import annotations\n"),
                        "file.py:3: intervention Bell: "),
    "a kind twice": (GOOD + GOOD.replace("class Bell", "class Gong"), "the kind 'bell' is taken by Bell"),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("name", ["check", "explain", "run"])
def test_a_bad_file_is_one_line_and_leaves_nothing(
    case: str, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, told = FILES[case]
    if text is not None:
        Path("file.py").write_text(text, encoding="utf-8")
    before = dict(KINDS)
    assert command([name, "baseline", "--interventions", "file.py"], monkeypatch) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert len(captured.err.splitlines()) == 1 and captured.err.startswith("file.py")
    assert captured.out == ""
    assert before == KINDS


def test_a_changed_file_is_loaded_anew_and_what_it_dropped_is_gone(folder: Path) -> None:
    Path("file.py").write_text(GOOD, encoding="utf-8")
    load_interventions("file.py")
    bell = KINDS["bell"]
    load_interventions(folder / "file.py")
    assert KINDS["bell"] is bell
    Path("file.py").write_text(GOOD.replace('"bell"', '"gong"'), encoding="utf-8")
    load_interventions("file.py")
    assert "bell" not in KINDS and "gong" in KINDS


def test_the_hash_covers_the_text_of_all_interventions_that_were_loaded(folder: Path) -> None:
    Path("me.yaml").write_text("extends: baseline\ntitle: x\ninterventions: [{kind: bell}]\n", encoding="utf-8")
    hashes = []
    for text in (GOOD, GOOD, GOOD + "# changed\n"):
        Path("file.py").write_text(text, encoding="utf-8")
        load_interventions("file.py")
        hashes.append((run_hash(load_scenario("me.yaml"), 1, 4), run_hash(load_scenario("donation"), 1, 4)))
    assert hashes[0] == hashes[1]
    assert hashes[0][0] != hashes[2][0] and hashes[0][1] != hashes[2][1]
    assert run_inputs(load_scenario("me.yaml"), 1, 4)["interventions"] == {"bell": digest(KINDS["bell"])}
    assert run_inputs(load_scenario("donation"), 1, 4)["interventions"] == {}
    # Text alone counts: the same file in another folder has the same results.
    (folder / "inner").mkdir()
    KINDS.pop("bell")
    (folder / "inner" / "other.py").write_text(GOOD, encoding="utf-8")
    load_interventions("inner/other.py")
    assert run_hash(load_scenario("me.yaml"), 1, 4) == hashes[0][0]


def test_mixes_that_were_evaluated_with_another_text_of_an_intervention_are_not_found(folder: Path) -> None:
    menu = "title: x\nscenario: baseline\nweeks: 4\ninterventions: [{kind: bell}]\n"
    Path("menu.yaml").write_text(menu, encoding="utf-8")
    found = []
    for text in (GOOD, GOOD, GOOD + "# changed\n"):
        Path("file.py").write_text(text, encoding="utf-8")
        load_interventions("file.py")
        with Collection(folder, "optimise-runs") as kept:
            runs = PolicyRuns(load_menu("menu.yaml"), None, 1, kept=kept)
            runs(np.zeros((1, 1)), np.arange(2))
        found.append(runs.found)
    assert found == [0, 4, 0]


def test_a_class_without_a_file_has_a_hash_of_its_own_each_time() -> None:
    text = GOOD.replace("class Bell", "class Prompt")
    found = []
    for _ in range(2):
        exec(compile(text, "a cell", "exec", dont_inherit=True), {"__name__": "no_such_module"})
        found.append((digest(KINDS["bell"]), digest(KINDS["bell"])))
    assert found[0][0] == found[0][1] != found[1][0]


@pytest.fixture
def unsearched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_outside, "_searched", False)


def offering(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    point = importlib.metadata.EntryPoint("bell", value, "grassroots.interventions")
    monkeypatch.setattr(
        "sim.interventions.outside.entry_points", lambda group: [point] if group == "grassroots.interventions" else []
    )


def test_an_installed_package_offers_interventions(
    folder: Path, unsearched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "my_interventions").mkdir()
    (folder / "my_interventions" / "__init__.py").write_text(
        "from my_interventions.more import HOURS\n" + GOOD, encoding="utf-8"
    )
    (folder / "my_interventions" / "more.py").write_text("HOURS = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    offering(monkeypatch, "my_interventions:Bell")
    Path("me.yaml").write_text("title: x\nextends: baseline\ninterventions: [{kind: bell}]\n", encoding="utf-8")
    assert load_scenario("me.yaml").interventions[0].kind == "bell"
    # Every file of a package counts.
    before = digest(KINDS["bell"])
    _outside._texts.clear()
    assert digest(KINDS["bell"]) == before
    _outside._texts.clear()
    (folder / "my_interventions" / "more.py").write_text("HOURS = 2\n", encoding="utf-8")
    assert digest(KINDS["bell"]) != before


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("nowhere_at_all:Bell", "ModuleNotFoundError"),
        ("json:loads", "isn't an intervention"),
        ("json:nothing", "AttributeError"),
    ],
)
def test_a_broken_package_is_named(
    value: str, told: str, unsearched: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    offering(monkeypatch, value)
    assert command(["check", "baseline"], monkeypatch) == 2
    error = capsys.readouterr().err
    assert error.startswith("intervention 'bell' of the installed package") and told in error
    assert len(error.splitlines()) == 1


def test_the_environment_names_files(folder: Path, unsearched: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file.py").write_text(GOOD, encoding="utf-8")
    monkeypatch.setenv("GRASSROOTS_INTERVENTIONS", f":{folder / 'file.py'}")
    find_interventions()
    assert "bell" in KINDS


HELPED = (
    HEAD
    + '''
from quiet_helper import number_of
@register
class Bell(Intervention):
    """Ring."""
    kind: Literal["bell"] = "bell"
    times: int = number_of()
    def effects(self):
        return (Effect("courage", 0.1 * self.times),)
'''
)
HELPER = """
from sim.base.fields import number
from quiet_inner import TIMES
def number_of():
    return number("rings", unit="1", low=0, high=9, default=TIMES, evidence="assumption: a test")
"""


@pytest.mark.parametrize("changed", ["helper", "what the helper imports"])
def test_the_hash_covers_the_user_s_own_modules_that_a_file_imports(changed: str, folder: Path) -> None:
    """In a process each, as Python imports a module once."""
    program = (
        "from sim.interventions import load_interventions; from sim.scenario import load_scenario; "
        "from sim.results import run_hash; load_interventions('file.py'); "
        "print(run_hash(load_scenario('me.yaml'), 1, 4), run_hash(load_scenario('baseline'), 1, 4))"
    )
    Path("me.yaml").write_text(
        "extends: baseline\ntitle: x\ninterventions: [{kind: bell, times: 2}]\n", encoding="utf-8"
    )
    Path("file.py").write_text(HELPED, encoding="utf-8")
    hashes = []
    for text in ("", "", "# changed\n"):
        Path("quiet_helper.py").write_text(HELPER + text * (changed == "helper"), encoding="utf-8")
        Path("quiet_inner.py").write_text("TIMES = 3\n" + text * (changed != "helper"), encoding="utf-8")
        hashes.append(output_of(program).split())  # from the folder, which Python looks into first
    assert hashes[0] == hashes[1]
    assert all(before != after for before, after in zip(hashes[0], hashes[2], strict=True))
