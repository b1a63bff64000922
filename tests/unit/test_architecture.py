"""The house: imports go one way, the week is its list of phases, columns have owners, and nothing goes untested.

All of it is read from the source text with `ast`; nothing is imported but the columns' table and the interventions' registry.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from sim.base.rooms import ROOMS
from sim.engine.week import OPENING, PHASES, name_of
from sim.engine.world.declaration import BLOCKS, COLUMNS
from sim.interventions import KINDS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sim"
ENGINE = PACKAGE / "engine"
TESTS = ROOT / "tests"

NOT_MECHANISMS = {"__init__": "no code", "blocks": "loops that mechanisms share, tested through all of them",
                  "households": "the pass that runs decision and housework, tested by theirs"}  # fmt: skip


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(name: str) -> str:
    return name.split(".")[1]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield (module, line) for everything of `sim` that a file imports, inside functions too, but not for types only."""
    known = {module(file) for file in files()}
    hidden = {
        id(inner)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for part in node.body
        for inner in ast.walk(part)
    }
    for node in ast.walk(tree(path)):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name.split(".")[0] == "sim")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            assert node.level == 0
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield (inner if inner in known else node.module), node.lineno


def test_every_module_stands_in_a_room() -> None:
    assert {room_of(module(path)) for path in files() if module(path) != "sim"} == set(ROOMS)
    assert len(set(ROOMS)) == len(ROOMS)
    assert len(list(PACKAGE.glob("*.py"))) <= 3


def test_contributing_describes_the_rooms_in_their_order() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \|", page, re.M)) == ROOMS


def test_readme_lists_the_rooms_in_their_order() -> None:
    (row,) = re.findall(r"^\| `sim/` \| (.*) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    assert tuple(re.findall(r"`(\w+)`", row)) == ROOMS


def test_the_glossary_is_short_and_linked() -> None:
    page = (ROOT / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")
    tables = page.split("| term | 中文 | meaning |")[1:]
    assert len(tables) == 2, "the model's terms and the documents' terms"
    chinese = []
    for table in tables:
        rows = re.findall(r"^\| (?!---)[^|]* \| ([^|]*)\|", table, re.M)
        assert 15 <= len(rows) <= 25
        chinese += [term.strip() for row in rows for term in row.split(",") if term.strip()]
    assert len(chinese) == len(set(chinese)), "a term of the documents has two words here"
    assert "(docs/GLOSSARY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


# The public names in sim/__init__.py are looked up when they are used.
@pytest.mark.parametrize(
    "path", [path for path in files() if module(path) != "sim"], ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_imports_go_one_way(path: Path) -> None:
    name = module(path)
    here = ROOMS.index(room_of(name))
    for other, line in imports(path):
        assert other != "sim", f"{path}:{line} imports the public names"
        assert ROOMS.index(room_of(other)) <= here, f"{path.name}:{line}: {name} imports {other}, which comes later"


def test_no_imports_go_round() -> None:
    """Within a folder, too; a package's own __init__ may gather its modules, and is not what they import."""
    graph = {module(path): {other for other, _ in imports(path)} - {module(path)} for path in files()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


RUNNING = {"Simulation": {"runs", "mesa_view"}, "ThreadPoolExecutor": {"engine", "runs", "results"},
           "Progress": {"runs", "analysis"}}  # fmt: skip
"""The rooms that may build a simulation, a pool of threads, and tell of progress; `results` writes files beside the runs."""


def test_runs_are_made_in_one_place() -> None:
    """An analysis asks `sim.runs` for tables, and so resumes, shows progress and runs on a cluster like all others."""
    builders: dict[str, set[str]] = {name: set() for name in RUNNING}
    for path in files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in RUNNING:
                builders[ast.unparse(node.func)].add(room_of(module(path)))
    assert builders == RUNNING


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_file_stays_under_400_lines_and_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(tree(path))
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


def is_compiled(function: ast.FunctionDef) -> bool:
    """Return whether a function has one of the decorators that compile it."""
    names = {ast.unparse(decorator).partition("(")[0] for decorator in function.decorator_list}
    return bool(names & {"compiled", "entry", "term"})


def inner(path: Path) -> set[str]:
    """Return the functions of a file that are compiled without a wrapper for Python."""
    found = set()
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and is_compiled(node) and ast.unparse(node.decorator_list[0]) != "entry":
            found.add(node.name)
        elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("compiled("):
            found.add(ast.unparse(node.targets[0]))
    return found


def calls_in(function: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls in a function, without those in compiled functions that it defines."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef) or not is_compiled(node):
            yield from calls_in(node)
        if isinstance(node, ast.Call):
            yield node


def test_python_calls_no_function_without_a_wrapper() -> None:
    """Such a call would fail, but only when it comes to it."""
    compiled = {f"{module(path)}.{name}" for path in files() for name in inner(path)}
    assert {
        "sim.numerics.draws.threefry",
        "sim.engine.equations.happens",
        "sim.engine.mechanisms.talk.talk",
    } <= compiled
    checked = 0
    for path in files():
        known = {name: f"{module(path)}.{name}" for name in inner(path)}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom):
                known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.FunctionDef) or is_compiled(node):
                continue
            for call in calls_in(node):
                name, dot, rest = ast.unparse(call.func).partition(".")
                assert known.get(name, "") + dot + rest not in compiled, f"{path.name}: {node.name} calls {name}"
                checked += 1
    assert checked > 1000


# the week ------------------------------------------------------------------------------------------------------------


def test_a_phase_takes_the_state_the_week_and_room() -> None:
    for phase, meaning in (*OPENING, *PHASES):
        assert list(inspect.signature(phase.py_func).parameters) == ["s", "w", "room"], name_of(phase)
        assert meaning


def test_every_mechanism_that_the_week_imports_has_a_phase_in_it() -> None:
    imported = {
        alias.name
        for node in tree(ENGINE / "week.py").body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim.engine.mechanisms")
        for alias in node.names
        if alias.name.islower()  # types are not phases
    }
    assert imported <= {name_of(phase) for phase, _ in (*OPENING, *PHASES)}


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_compiled_function_takes_more_than_8_parameters(path: Path) -> None:
    """It takes the state, the week, room for scratch, and few values."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef) and is_compiled(node):
            assert len(node.args.args) <= 8, f"{path.name}:{node.lineno} {node.name}"


# what tests look at --------------------------------------------------------------------------------------------------


def test_tests_name_the_rows_that_they_look_at() -> None:
    """A new column or tally moves the rows behind it."""
    number = re.compile(rf"\.(?:{'|'.join(BLOCKS)})\[\d|\bc\.[A-Z_]+ \+ \d|\b(?:counts|totals)\[(?:[^][]*, ){{2}}\d")
    assert number.search("state.u8[3]") and number.search("counts[:, 0, 5]") and not number.search("counts[5, 0, LEFT]")
    for path in TESTS.rglob("*.py"):
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert path == Path(__file__) or not number.search(text), f"{path.relative_to(ROOT)}:{line}"


# the columns ---------------------------------------------------------------------------------------------------------


def constants() -> dict[str, str]:
    """Return the name of the column, or group of columns, that each constant stands for: {"RUNG": "rung", ...}."""
    found = {}
    for path in [*(ENGINE / "world").glob("*.py"), *(ENGINE / "mechanisms").glob("*.py")]:
        for node in tree(path).body:
            call = node.value if isinstance(node, ast.Assign) else None
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("column", "columns"):
                found[ast.unparse(node.targets[0])] = ast.literal_eval(call.args[1])
    assert set(found.values()) == {column.group or column.name for column in COLUMNS.values()}
    return found


class Writes:
    """What each function of the mechanisms writes: its parameters' elements, and columns by name."""

    def __init__(self) -> None:
        self.columns = constants()
        self.functions = {
            node.name: (path.stem, node)
            for path in sorted((ENGINE / "mechanisms").glob("*.py"))
            for node in tree(path).body
            if isinstance(node, ast.FunctionDef)
        }
        self.parameters: dict[str, set[str]] = {name: set() for name in self.functions}
        while self._pass():
            pass

    def column_of(self, node: ast.AST, bound: dict[str, str]) -> str | None:
        """Return the column that an expression is a view or an element of; None for anything else."""
        if isinstance(node, ast.Name):
            return bound.get(node.id)
        if not isinstance(node, ast.Subscript):
            return None
        first: ast.AST | None = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        if isinstance(first, ast.Slice):  # as in row[FUND : FUND + 5]
            first = first.lower
        if isinstance(first, ast.BinOp):
            first = first.left
        if isinstance(first, ast.Name) and first.id in self.columns:
            return self.columns[first.id]
        return self.column_of(node.value, bound)

    def bound(self, function: ast.FunctionDef) -> dict[str, str]:
        """Return the local names that stand for a column, or a slice of it."""
        found: dict[str, str] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    pairs = [(target, node.value)]
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                        pairs = list(zip(target.elts, node.value.elts, strict=True))
                    for name, value in pairs:
                        column = self.column_of(value, {})
                        whole = isinstance(value, ast.Subscript) and (
                            not isinstance(value.slice, ast.Tuple)
                            or any(isinstance(part, ast.Slice) for part in value.slice.elts)
                        )
                        if isinstance(name, ast.Name) and column and whole:
                            found[name.id] = column
        return found

    def targets(self, function: ast.FunctionDef) -> Iterator[ast.AST]:
        """Yield everything that a function writes an element of, itself or through a function that it calls."""
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    parts = target.elts if isinstance(target, ast.Tuple) else [target]
                    yield from (part for part in parts if isinstance(part, ast.Subscript))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.functions:
                taken = [argument.arg for argument in self.functions[node.func.id][1].args.args]
                for parameter, argument in zip(taken, node.args, strict=False):
                    if parameter in self.parameters[node.func.id]:
                        yield argument

    def _pass(self) -> bool:
        changed = False
        for name, (_, function) in self.functions.items():
            taken = {argument.arg for argument in function.args.args}
            for target in self.targets(function):
                inner = target
                if self.column_of(inner, self.bound(function)) is not None:
                    continue
                while isinstance(inner, ast.Subscript):
                    inner = inner.value
                if isinstance(inner, ast.Name) and inner.id in taken - self.parameters[name] - {
                    "f64",
                    "i32",
                    "u8",
                    "s",
                }:
                    self.parameters[name].add(inner.id)
                    changed = True
        return changed

    def by_column(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for home, function in self.functions.values():
            bound = self.bound(function)
            for target in self.targets(function):
                column = self.column_of(target, bound)
                if column is not None:
                    found.setdefault(column, set()).add(home)
        return found


def test_the_reader_of_writes_sees_all_ways_of_writing() -> None:
    """Or the test below would pass for want of findings: an element, a slice handed on, a bound name, and += ."""
    found = Writes().by_column()
    assert found["rung"] == {"decision"}
    assert "housework" in found["clutter"]
    assert "housework" in found["habit"]
    assert "giving" in found["award"]
    assert "households" in found["persuasion"]
    assert found["last_by"] == {"calls"}
    assert found["bonded"] == {"belonging"}
    assert "works" in found["public_kind"]
    assert "predisposition" not in found


def test_a_column_is_written_by_the_modules_that_its_table_names_and_no_other() -> None:
    """A new writer has to be named there, which is the moment to think about the order of phases."""
    written = Writes().by_column()
    for column in COLUMNS.values():
        assert written.get(column.group or column.name, set()) == set(column.writers), column.name


# tests ---------------------------------------------------------------------------------------------------------------


def test_every_mechanism_has_its_test() -> None:
    for path in (ENGINE / "mechanisms").glob("*.py"):
        if path.stem not in NOT_MECHANISMS:
            assert (TESTS / "mechanisms" / f"test_{path.stem}.py").exists(), f"no test of {path.stem}"
    for name in NOT_MECHANISMS:
        assert (ENGINE / "mechanisms" / f"{name}.py").exists()


def test_every_intervention_has_its_test_and_a_scenario() -> None:
    """`interventions/test_every_intervention.py` has what all of them keep to; here only that each is tried and shown."""
    older = (TESTS / "mechanisms" / "test_interventions.py").read_text(encoding="utf-8")
    shipped = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "scenarios").rglob("*.yaml"))
    for kind in KINDS:
        tried = (TESTS / "interventions" / f"test_{kind}.py").exists() or f'"{kind}": [' in older
        assert tried, f"no test of {kind}"
        assert f"kind: {kind}" in shipped, f"no example of {kind}"


def calls(function: ast.FunctionDef) -> set[str]:
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }


def test_every_test_can_fail() -> None:
    """A test that asserts nothing, expects no error and calls no helper in its file that does is no test."""
    for path in TESTS.rglob("test_*.py"):
        functions = {node.name: node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)}
        checking = {
            name
            for name, function in functions.items()
            if any(isinstance(node, ast.Assert | ast.Raise) for node in ast.walk(function))
            or any(called == "raises" or called.startswith("assert_") for called in calls(function))
        }
        for name, function in functions.items():
            if name.startswith("test_"):
                assert name in checking or calls(function) & checking, f"{path.name}: {name} asserts nothing"
