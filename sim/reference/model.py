"""The pages on the model itself: parameters, state, the week and outcomes."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from sim.engine import mechanisms, week
from sim.engine.outcomes import GROUPS, TOTALS, WEEKLY, Outcome
from sim.engine.world import columns
from sim.engine.world.columns import COLUMNS, State
from sim.evidence.text import interval
from sim.reference.markdown import NOTE, Row, code, options, paragraphs, shown, summary, table, unit_of
from sim.scenario import load_scenario, provenance
from sim.uncertainty.priors import load_priors


def parameters_page() -> list[str]:
    """Return the parts of the page on parameters: every number and word of the base, by block."""
    priors = {prior.key: prior for prior in load_priors()}
    groups: dict[str, list[Row]] = {}
    for key, value in provenance(load_scenario("base")).items():
        if value.shape.label or key.startswith(("villages.", "interventions.")):
            continue
        prior = priors.get(key)
        told = "" if prior is None else f"{interval(prior.low, prior.high, '')} ({prior.evidence})"
        row = (
            code(key), value.symbol, shown(value.value), unit_of(value.unit), options(value.shape), value.evidence, told,
            value.meaning,
        )  # fmt: skip
        groups.setdefault(key.rpartition(".")[0], []).append(row)
    head = ("key", "symbol", "value", "unit", "range", "evidence or assumption", "prior interval", "meaning")
    parts = [
        "# Parameters",
        NOTE,
        "Values are those of `scenarios/base.yaml`, the default village without a programme. *Range* is what a scenario "
        "may say; *prior interval* (`scenarios/priors.yaml`) is what is held possible, every value in it equally likely. "
        "Ids lead to [evidence](evidence.md); `grassroots explain SCENARIO KEY` tells the same of any scenario.",
    ]
    for name, rows in groups.items():
        parts += [f"## {code(name) if name else 'Scenario'}", table(head, rows)]
    return parts


def state_page() -> list[str]:
    """Return the parts of the page on state: households' columns, then what the other arrays hold."""
    rows = [
        (code(one.name), one.unit, one.meaning, ", ".join(map(code, one.writers)) or "fixed", code(one.block))
        for one in COLUMNS
    ]
    parts = [
        "# State",
        NOTE,
        "## Households",
        "One row a household, village after village. *Writers* are the modules of `sim.engine.mechanisms` that alone may "
        "change a column while the model runs; a fixed one is set when the world is built.",
        table(("column", "unit", "meaning", "writers", "block"), rows),
        "## The other arrays",
        f"Arrays of `State`: {', '.join(map(code, State._fields))}.",
        *paragraphs(State),
    ]
    numbered = [(heading, ", ".join(names)) for heading, names in _numbered() if not heading.startswith("Households")]
    return [*parts, "Their rows, and what the numbers in columns stand for, counted from the first:",
            table(("what", "names"), numbered)]  # fmt: skip


def _numbered() -> Iterator[tuple[str, list[str]]]:
    """Yield the numbers that name rows, bits and kinds in columns.py, under the comment that stands above them.

    A name counts if it is one of a tuple, or if a remark stands behind it; other constants are sizes.
    """
    source = inspect.getsource(columns)
    lines = source.splitlines()
    heading, names = "", list[str]()
    assigned = {node.lineno: node for node in ast.parse(source).body if isinstance(node, ast.Assign)}
    for at, line in enumerate([*lines, ""], start=1):
        if line.startswith("# ") or not line:
            if heading and names:
                yield heading, names
            heading, names = line.removeprefix("# ").rstrip("."), []
        elif at in assigned and heading:
            (target,) = assigned[at].targets
            remark = line.partition("  # ")[2]
            if isinstance(target, ast.Tuple):
                names += [code(ast.unparse(name)) for name in target.elts]
            elif remark:
                names.append(f"{code(ast.unparse(target))} ({remark})")


def phases_page() -> list[str]:
    """Return the parts of the page on the week: its phases in order, and the modules that they live in."""
    phases = []
    for number, (name, meaning) in enumerate(week.PHASES, start=1):
        function = getattr(week, name)
        home = function.__module__.rpartition(".")[2]
        phases.append((str(number), code(name), code(home), meaning, summary(function)))
    modules = []
    for info in sorted(pkgutil.iter_modules(mechanisms.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{mechanisms.__name__}.{info.name}")
        written = [one.name for one in COLUMNS if info.name in one.writers]
        modules.append((code(info.name), summary(module), ", ".join(map(code, written)), _left_out(module)))
    return [
        "# The week",
        NOTE,
        "One step is a week; its phases run in this order in each village (`sim.engine.week`).",
        table(("", "phase", "module", "what", "function"), phases),
        "## Mechanisms",
        table(("module", "what", "household columns it writes", "left out on purpose"), modules),
    ]


def _left_out(module: object) -> str:
    told = next((part for part in paragraphs(module) if "Left out: " in part), "")
    return told.partition("Left out: ")[2].rstrip(".")


def outcomes_page() -> list[str]:
    """Return the parts of the page on outcomes."""
    return [
        "# Outcomes",
        NOTE,
        "## Weekly",
        f"A row for each week and each group of households ({', '.join(map(code, GROUPS))}); what is not told by group "
        "stands in the rows of the first.",
        table(("outcome", "unit", "by group", "meaning"), [_outcome(one, one.by_group) for one in WEEKLY]),
        "## Totals of a run",
        table(("outcome", "unit", "meaning"), [_outcome(one) for one in TOTALS]),
    ]


def _outcome(one: Outcome, by_group: bool | None = None) -> Row:
    middle = () if by_group is None else ("yes" if by_group else "",)
    return (code(one.name), one.unit, *middle, one.meaning)
