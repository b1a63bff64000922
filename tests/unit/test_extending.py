"""Extending works as docs/EXTENDING.md says: its blocks of code and commands are run, and so are the skeletons."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from check_readme import blocks as commands
from check_readme import first_difference

import sim.cli
from sim import MobilizationModel, load_scenario
from sim.analysis.menu import load_menu
from sim.analysis.policy_runs import PolicyRuns
from sim.errors import InputError
from sim.fields import word
from sim.interventions import (
    KINDS,
    Effect,
    Gift,
    Intervention,
    Who,
    _outside,
    digest,
    find_levers,
    load_levers,
    register,
)  # fmt: skip
from sim.report.policy import rows_file
from sim.results import manifest, run_hash
from sim.simulation import Simulation

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "EXTENDING.md").read_text(encoding="utf-8")
SKELETONS = ROOT / "docs" / "skeletons"
SMALL = {"village.households": 80, "village.party_members": 8, "village.volunteers": 2}
SETS = [part for key, value in SMALL.items() for part in ("--set", f"{key}={value}")]


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """Leave no lever behind for other tests."""
    kinds, texts, modules = dict(KINDS), dict(_outside._texts), set(sys.modules)
    yield
    KINDS.clear()
    KINDS.update(kinds)
    _outside._texts.clear()
    _outside._texts.update(texts)
    for name in set(sys.modules) - modules:
        if name.startswith("grassroots_levers_") or name in ("mechanism", "test_mechanism", "my_levers"):
            del sys.modules[name]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, as the place to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


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


def command(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the command in this process and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["grassroots", *arguments])
    with pytest.raises(SystemExit) as stop:
        sim.cli.main()
    return int(stop.value.code or 0)


def content(simulation: Simulation) -> list[bytes]:
    """Return everything that a simulation holds but the lever's choice of people, which acts through effects alone."""
    return [simulation.counts.tobytes(), simulation.totals.tobytes(), *(array.tobytes() for array in simulation.state)]


# The guide ------------------------------------------------------------------------------------------------------------


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


def test_the_guides_lever_needs_its_file(
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
    assert command(["check", "mine.yaml", "--levers", "talks.py"], monkeypatch) == 2
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


# Skeletons ------------------------------------------------------------------------------------------------------------


def test_the_lever_skeleton_runs_from_yaml(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("lever.py", "lever_scenario.yaml"):
        shutil.copy(SKELETONS / name, folder)
    arguments = ["run", "lever_scenario.yaml", "--levers", "lever.py", "--weeks", "20", *SETS]
    assert command(arguments, monkeypatch) == 0
    assert "wrote results" in capsys.readouterr().out
    assert command(arguments, monkeypatch) == 0
    assert "found results" in capsys.readouterr().out
    # An edit of the file, and the run that is there no longer counts.
    text = Path("lever.py").read_text(encoding="utf-8")
    Path("lever.py").write_text(text.replace('Effect("praise", 0.5', 'Effect("praise", 0.6'), encoding="utf-8")
    assert command(arguments, monkeypatch) == 0
    assert "wrote results" in capsys.readouterr().out


def test_the_lever_skeleton_acts_and_is_absent_at_strength_0(folder: Path) -> None:
    load_levers(SKELETONS / "lever.py")
    path = SKELETONS / "lever_scenario.yaml"
    runs = []
    for extra in ({}, {"interventions.open_days.strength": 0.0}):
        simulation = Simulation(load_scenario(path, {**SMALL, **extra}), 5, 0, 20)
        simulation.advance(20)
        runs.append(content(simulation))
    without = Simulation(load_scenario("baseline", SMALL), 5, 0, 20)
    without.advance(20)
    assert runs[1] == content(without) != runs[0]


def test_the_mesa_skeleton_runs_and_is_reproducible() -> None:
    code: dict[str, Any] = {"__name__": "mesa_mechanism"}
    exec((SKELETONS / "mesa_mechanism.py").read_text(encoding="utf-8"), code)
    lively = {**SMALL, "household.predisposition": 0.0}

    def after(mechanisms: list[Any], replicate: int = 0) -> list[bytes]:
        with MobilizationModel(
            "veteran_role_model", seed=2, replicate=replicate, weeks=16, overrides=lively, mechanisms=mechanisms
        ) as model:
            model.run_model()
            return content(model.simulation)

    first = after([code["invite"]])
    assert first == after([code["invite"]])
    assert first != after([])
    assert first != after([code["invite"]], replicate=1)


def test_the_compiled_skeleton_passes_its_own_test(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is compiled against the engine's types of today, and its test is run as it lies."""
    for name in ("mechanism.py", "test_mechanism.py"):
        shutil.copy(SKELETONS / name, folder)
    monkeypatch.syspath_prepend(str(folder))
    import test_mechanism as own

    tests = {name: test for name, test in vars(own).items() if name.startswith("test_")}
    assert len(tests) == 4
    for test in tests.values():
        marks = getattr(test, "pytestmark", [])
        for values in marks[0].args[1] if marks else [()]:
            test(*values)


def test_the_compiled_skeletons_list_names_files_that_exist() -> None:
    text = (SKELETONS / "mechanism.py").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:sim|scenarios|docs|tests)/[\w/]+\.(?:py|yaml)", text))
    assert {"sim/week.py", "sim/world/columns.py"} <= named
    assert not [name for name in named if "NAME" not in name and not (ROOT / name).exists()]


# Draws ----------------------------------------------------------------------------------------------------------------


def test_draws_by_name_depend_on_what_they_are_keyed_by_alone() -> None:
    town = {"villages": [{"name": "a"}, {"name": "b"}], **SMALL}

    def drawn(overrides: dict[str, Any], name: str = "x", weeks: int = 1, **more: Any) -> np.ndarray[Any, Any]:
        with MobilizationModel("baseline", weeks=9, overrides=overrides, **{"seed": 3, **more}) as model:
            for _ in range(weeks):
                model.step()
            last = [agent for agent in model.residents if agent.village_index == len(model.grids) - 1]
            return np.array([model.uniform(agent, name) for agent in last])

    base = drawn(town)
    assert base.size == 80 and ((base >= 0) & (base < 1)).all() and np.unique(base).size == 80
    assert abs(base.mean() - 0.5) < 4 * (1 / 12 / 80) ** 0.5
    assert (base == drawn(town)).all()
    assert (base == drawn({"villages": [{"name": "b"}], **SMALL})).all()  # other villages change nothing
    for other in (drawn(town, "y"), drawn(town, weeks=2), drawn(town, seed=4), drawn(town, replicate=1),
                  drawn({"villages": [{"name": "c"}], **SMALL})):  # fmt: skip
        assert not (base == other).any()


# Registering ----------------------------------------------------------------------------------------------------------


class Described(Intervention):
    """Do something."""

    kind: Literal["something"]


def lever(name: str = "Bad", doc: str | None = "Do something.", **members: Any) -> type[Intervention]:
    """Return a class of a lever; `members` are annotations with values, and methods."""
    body: dict[str, Any] = {"__doc__": doc, "__module__": __name__, "__annotations__": {"kind": Literal["bad"]}}
    for key, member in members.items():
        if isinstance(member, tuple):
            body["__annotations__"][key], body[key] = member
        elif key == "kind":
            body["__annotations__"][key] = member
        else:
            body[key] = member
    return type(Intervention)(name, (Intervention,), body)


def moving(*effects: Any) -> type[Intervention]:
    return lever(effects=lambda self: effects)


def failing(self: object) -> tuple[Effect, ...]:
    raise ZeroDivisionError("as planned")


BARE = (float, 1.0)
NO_GROUND = (str, word("a word", default="x"))
WRONG: dict[str, tuple[Any, str]] = {
    "no class": (3, "is no lever"),
    "another class": (dict, "is no lever"),
    "the base": (Intervention, "is no lever"),
    "no kind": (
        type(Intervention)("Bad", (Intervention,), {"__doc__": "x", "__module__": __name__}),
        "say kind: Literal",
    ),
    "two kinds": (lever(kind=Literal["a", "b"]), "say kind: Literal"),
    "a kind of two words": (lever(kind=Literal["two words"]), "say kind: Literal"),
    "a kind that is taken": (lever(kind=Literal["donation"]), "the kind 'donation' is taken by Donation"),
    "no docstring": (lever(doc=None), "needs a docstring"),
    "a bare key": (lever(loudness=BARE), "declare the key 'loudness'"),
    "a default without grounds": (lever(word=NO_GROUND), "the default of 'word' needs its evidence"),
    "an unknown value": (
        moving(Effect("mesage", 1.0)),
        "effect on 'mesage': there is no such named value, did you mean",
    ),
    "a village's value for some": (moving(Effect("praise", 1.0, Who())), "belongs to the whole village"),
    "an undefined amount": (moving(Effect("praise", float("nan"))), "must be a finite number"),
    "a period of text": (moving(Effect("praise", 1.0, every="2")), "every must be"),  # type: ignore[arg-type]
    "no effect": (moving("praise"), "is no Effect"),
    "effects that fail": (lever(effects=failing), "its effects fail: ZeroDivisionError: as planned"),
    "an unknown use": (lever(gifts=lambda self: (Gift("work", 1.0),)), "no gift is for 'work', did you mean 'works'?"),
    "a debt": (lever(gifts=lambda self: (Gift("works", -1.0),)), "finite number of yuan"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_lever_is_told_in_a_line_and_not_kept(case: str) -> None:
    given, told = WRONG[case]
    before = dict(KINDS)
    with pytest.raises(InputError) as error:
        register(given)
    assert told in str(error.value)
    assert before == KINDS


def test_a_lever_is_registered_once_and_replaced_by_its_namesake() -> None:
    assert register(Described) is Described is register(Described) is KINDS["something"]
    again = type(Intervention)(
        "Described", (Intervention,),
        {"__doc__": "Again.", "__module__": __name__, "__annotations__": {"kind": Literal["something"]}},
    )  # fmt: skip
    assert register(again) is KINDS["something"] is not Described
    with pytest.raises(InputError, match="is taken by Described"):
        register(lever(kind=Literal["something"]))


def test_effects_that_depend_on_keys_are_checked_when_a_scenario_is_read(folder: Path) -> None:
    def effects(self: Any) -> tuple[Effect, ...]:
        return (Effect(self.value, 1.0),)

    register(lever(value=(str, word("which value")), effects=effects))
    Path("me.yaml").write_text("title: x\ninterventions:\n- {kind: bad, value: prais}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"me\.yaml:3: lever 'bad': effect on 'prais': .* did you mean 'praise'"):
        load_scenario("me.yaml")


def test_a_key_of_a_type_that_no_scenario_holds_is_told(folder: Path) -> None:
    class Odd(Intervention):
        """Do something odd."""

        kind: Literal["odd"]
        pairs: dict[str, int] = word("pairs", default={}, evidence="assumption: none")

    register(Odd)
    Path("me.yaml").write_text("title: x\ninterventions: [{kind: odd}]\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"lever 'odd': a scenario can't hold .*key 'pairs'"):
        load_scenario("me.yaml")


# Files ----------------------------------------------------------------------------------------------------------------

HEAD = "from typing import Literal\nfrom sim.interventions import Effect, Intervention, register\n"
GOOD = HEAD + '@register\nclass Bell(Intervention):\n    """Ring."""\n    kind: Literal["bell"]\n'
FILES = {
    "nothing there": (None, "file.py: can't be read: No such file or directory"),
    "no Python": ("class Bell(:\n", "file.py:1: SyntaxError: "),
    "an error": ("x = 1\ny = z\n", "file.py:2: NameError: name 'z' is not defined"),
    "an error elsewhere": ("import json\njson.loads('{')\n", "file.py:2: JSONDecodeError: "),
    "an exit": ("import sys\nsys.exit(0)\n", "file.py:2: SystemExit: 0"),
    "nothing registered": (GOOD.replace("@register\n", ""), "file.py: registers no lever: put @register above its class"),
    "an unknown type": (GOOD.replace("from typing import Literal\n", "from __future__ import annotations\n"),
                        "file.py:3: lever Bell: "),
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
    assert command([name, "baseline", "--levers", "file.py"], monkeypatch) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert len(captured.err.splitlines()) == 1 and captured.err.startswith("file.py")
    assert captured.out == ""
    assert before == KINDS


def test_a_changed_file_is_loaded_anew_and_what_it_dropped_is_gone(folder: Path) -> None:
    Path("file.py").write_text(GOOD, encoding="utf-8")
    load_levers("file.py")
    bell = KINDS["bell"]
    load_levers(folder / "file.py")
    assert KINDS["bell"] is bell
    Path("file.py").write_text(GOOD.replace('"bell"', '"gong"'), encoding="utf-8")
    load_levers("file.py")
    assert "bell" not in KINDS and "gong" in KINDS


def test_the_hash_covers_the_text_of_levers_in_use_and_of_no_other(folder: Path) -> None:
    Path("me.yaml").write_text("extends: baseline\ntitle: x\ninterventions: [{kind: bell}]\n", encoding="utf-8")
    hashes = []
    for text in (GOOD, GOOD, GOOD + "# changed\n"):
        Path("file.py").write_text(text, encoding="utf-8")
        load_levers("file.py")
        hashes.append((run_hash(load_scenario("me.yaml"), 1, 4), run_hash(load_scenario("donation"), 1, 4)))
    assert hashes[0] == hashes[1]
    assert hashes[0][0] != hashes[2][0] and hashes[0][1] == hashes[2][1]
    assert manifest(load_scenario("me.yaml"), "me", 1, 4)["levers"] == {"bell": digest(KINDS["bell"])}
    assert manifest(load_scenario("donation"), "donation", 1, 4)["levers"] == {}
    # Text alone counts: the same file in another folder has the same results.
    (folder / "inner").mkdir()
    KINDS.pop("bell")
    (folder / "inner" / "other.py").write_text(GOOD, encoding="utf-8")
    load_levers("inner/other.py")
    assert run_hash(load_scenario("me.yaml"), 1, 4) == hashes[0][0]


def test_mixes_that_were_evaluated_with_another_text_of_a_lever_are_not_found(folder: Path) -> None:
    """The search for a policy keeps its rows under a hash of its own."""
    menu = "title: x\nscenario: baseline\nweeks: 4\nlevers: [{kind: bell}]\n"
    Path("menu.yaml").write_text(menu, encoding="utf-8")
    files = []
    for text in (GOOD, GOOD, GOOD + "# changed\n"):
        Path("file.py").write_text(text, encoding="utf-8")
        load_levers("file.py")
        files.append(rows_file(PolicyRuns(load_menu("menu.yaml"), None, 1), folder, "menu"))
    assert files[0] == files[1] != files[2]


def test_a_class_without_a_file_has_a_hash_of_its_own_each_time() -> None:
    text = GOOD.replace("class Bell", "class Prompt")
    found = []
    for _ in range(2):
        exec(compile(text, "a cell", "exec", dont_inherit=True), {"__name__": "no_such_module"})
        found.append((digest(KINDS["bell"]), digest(KINDS["bell"])))
    assert found[0][0] == found[0][1] != found[1][0]


# What is installed ----------------------------------------------------------------------------------------------------


@pytest.fixture
def unsearched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_outside, "_searched", False)


def offering(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    point = importlib.metadata.EntryPoint("bell", value, "grassroots.levers")
    monkeypatch.setattr(
        "sim.interventions.outside.entry_points", lambda group: [point] if group == "grassroots.levers" else []
    )


def test_an_installed_package_offers_levers(folder: Path, unsearched: None, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "my_levers").mkdir()
    (folder / "my_levers" / "__init__.py").write_text("from my_levers.more import HOURS\n" + GOOD, encoding="utf-8")
    (folder / "my_levers" / "more.py").write_text("HOURS = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    offering(monkeypatch, "my_levers:Bell")
    Path("me.yaml").write_text("title: x\nextends: baseline\ninterventions: [{kind: bell}]\n", encoding="utf-8")
    assert load_scenario("me.yaml").interventions[0].kind == "bell"
    # Every file of a package counts.
    before = digest(KINDS["bell"])
    _outside._texts.clear()
    assert digest(KINDS["bell"]) == before
    _outside._texts.clear()
    (folder / "my_levers" / "more.py").write_text("HOURS = 2\n", encoding="utf-8")
    assert digest(KINDS["bell"]) != before


@pytest.mark.parametrize(
    ("value", "told"),
    [("nowhere_at_all:Bell", "ModuleNotFoundError"), ("json:loads", "is no lever"), ("json:nothing", "AttributeError")],
)
def test_a_broken_package_is_named(
    value: str, told: str, unsearched: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    offering(monkeypatch, value)
    assert command(["check", "baseline"], monkeypatch) == 2
    error = capsys.readouterr().err
    assert error.startswith("lever 'bell' of the installed package") and told in error
    assert len(error.splitlines()) == 1


def test_the_environment_names_files(folder: Path, unsearched: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file.py").write_text(GOOD, encoding="utf-8")
    monkeypatch.setenv("GRASSROOTS_LEVERS", f":{folder / 'file.py'}")
    find_levers()
    assert "bell" in KINDS


def test_levers_in_a_process_of_its_own(folder: Path) -> None:
    """From another folder, in a run that is kept; nothing of the package is touched."""
    write_guide(folder)
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "run", "mine.yaml", "--weeks", "3", *SETS],
        capture_output=True, text=True, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GRASSROOTS_LEVERS": "talks.py"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "adopted" in done.stdout
