"""The pages on the model itself: parameters, state, the week and outcomes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sim.engine import mechanisms, week
from sim.engine.outcomes import BY_VILLAGE, EFFECTS, GROUP_OF, GROUPS, TOTALS, WEEKLY, WEEKLY_BY_VILLAGE, Outcome, Total
from sim.engine.tallies import MEASURES, TALLIES, Tally
from sim.engine.world.columns import State
from sim.engine.world.declaration import BLOCKS, Column, columns_of
from sim.evidence.text import interval
from sim.reference.markdown import NOTE, Row, code, options, paragraphs, shown, summary, table, unit_of
from sim.scenario import load_scenario, provenance
from sim.uncertainty.priors import load_priors

Declaration = TypeVar("Declaration", Column, Tally)


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
        "may set; *prior interval* (`scenarios/priors.yaml`) is the interval of possible values, all equally likely. "
        "Ids refer to [evidence](evidence.md); `grassroots explain SCENARIO KEY` shows the same for any scenario.",
    ]
    for name, rows in groups.items():
        parts += [f"## {code(name) if name else 'Scenario'}", table(head, rows)]
    return parts


def state_page() -> list[str]:
    """Return the parts of the page on state: the columns of households, lists, callers, plots and villages; the record."""
    parts = [
        "# State",
        NOTE,
        "One row per household, list, caller, public plot or village, village after village. *Writers* are the modules of "
        "`sim.engine.mechanisms` that alone may change a column while the model runs; a fixed one is set when the world is "
        "built.",
    ]
    for what in dict.fromkeys(what for what, _ in BLOCKS.values()):
        rows = [(*_told(group), ", ".join(map(code, group[0].writers)) or "fixed", code(group[0].block))
                for group in _grouped(columns_of(what))]  # fmt: skip
        parts += [f"## {what.capitalize()}s", table(("column", "unit", "meaning", "writers", "block"), rows)]
    parts += [
        "## The arrays",
        f"Arrays of `State`: {', '.join(map(code, State._fields))}.",
        *paragraphs(State),
        "## The record",
        "One row per week and village; tallies are whole numbers, measures are floats.",
    ]
    for name, declared in (("tally", TALLIES), ("measure", MEASURES)):
        parts.append(table((name, "unit", "meaning"), [_told(group) for group in _grouped(declared.values())]))
    return parts


def _grouped(declared: Iterable[Declaration]) -> list[list[Declaration]]:
    """Return declarations by group; one without a group forms its own."""
    groups: dict[str, list[Declaration]] = {}
    for one in declared:
        groups.setdefault(one.group or one.name, []).append(one)
    return list(groups.values())


def _told(group: Sequence[Column | Tally]) -> tuple[str, str, str]:
    """Return a group's names, its unit, and the meaning of its first member."""
    first, last = group[0], group[-1]
    if len(group) == 1:
        return code(first.name), first.unit, first.meaning
    return f"{code(first.name)} to {code(last.name)}", first.unit, f"{first.meaning}, and so on"


def phases_page() -> list[str]:
    """Return the parts of the page on the week: its phases in order, and their modules."""
    phases = []
    for number, (phase, meaning) in enumerate((*week.OPENING, *week.PHASES), start=1):
        home = phase.__module__.rpartition(".")[2]
        phases.append((str(number), code(week.name_of(phase)), code(home), meaning, summary(phase)))
    modules = []
    for info in sorted(pkgutil.iter_modules(mechanisms.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{mechanisms.__name__}.{info.name}")
        written = [one.name for one in columns_of("household") if info.name in one.writers]
        modules.append((code(info.name), summary(module), ", ".join(map(code, written)), _left_out(module)))
    return [
        "# The week",
        NOTE,
        "One step is a week (`sim.engine.week`): the first phase is the whole world's, the others run in this order in each "
        "village.",
        table(("", "phase", "module", "what", "function"), phases),
        "## Mechanisms",
        table(("module", "purpose", "household columns it writes", "left out on purpose"), modules),
    ]


def _left_out(module: object) -> str:
    told = next((part for part in paragraphs(module) if "Left out: " in part), "")
    return told.partition("Left out: ")[2].rstrip(".")


def outcomes_page() -> list[str]:
    """Return the parts of the page on outcomes."""
    groups = "; ".join(f"{code(name)}: {group.label}" for name, group in GROUP_OF.items())
    return [
        "# Outcomes",
        NOTE,
        "*Label* is what printed tables and figures call a column. Shares are printed in percent and their differences in "
        "percentage points. What is undefined in a run is NaN in files and `-` in printed tables.",
        "## Weekly",
        f"One row per week and group of households ({groups}). Outcomes that aren't divided by group are in the rows of "
        f"{code(GROUPS[0])}.",
        table(
            ("outcome", "unit", "label", "topic", "by group", "meaning"),
            [(*_outcome(one), "yes" if one.by_group else "", one.meaning) for one in WEEKLY],
        ),
        "## Totals of a run",
        "*Compared*: whether `grassroots compare` prints the effects on an outcome, or keeps them in its tables only; with "
        "`--full` it prints those on every outcome.",
        table(
            ("outcome", "unit", "label", "topic", "compared", "meaning"),
            [(*_outcome(one), _compared(one), one.meaning) for one in TOTALS],
        ),
        "## By village",
        f"Kept of each village of a world of several: {', '.join(code(one.name) for one in BY_VILLAGE)}; and of each week: "
        f"{', '.join(map(code, WEEKLY_BY_VILLAGE))}.",
    ]


def _outcome(one: Outcome) -> Row:
    return code(one.name), one.unit, one.label, one.topic


def _compared(one: Total) -> str:
    return "printed" if one.main else "in tables" if one.name in EFFECTS else ""
