"""Explain a scenario's values in plain text: each with its evidence and the file and line that set it."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from sim.base.errors import InputError
from sim.evidence import Register, load_register
from sim.scenario.files import scenarios_folder
from sim.scenario.overrides import nearest_key
from sim.scenario.provenance import origin_of, provenance
from sim.scenario.schema import Scenario
from sim.scenario.values import Provenance

WIDTH = 110
_LABEL = 13
_VALUE = 20


def explain(scenario: Scenario, key: str | None = None) -> str:
    """Return all that is known about the values that `explained` returns, as text of at most 110 columns."""
    values = explained(scenario, key)
    name = "" if key is None else _key(key)
    if name in values:
        return _one(name, values[name])
    return _blocks(values) if name else f"{_title(scenario)}\n\n{_blocks(values)}"


def explained(scenario: Scenario, key: str | None = None) -> Mapping[str, Provenance]:
    """Return the provenance of one value, the values of a block, or all values, by dotted key.

    Parameters
    ----------
    scenario : a scenario that was loaded from a file.
    key : ``household.own_yard``, a block such as ``household`` or ``interventions.donation``, or None for everything. A
        value that villages share appears once, under ``village``; a drawn value appears with its centre and spread.

    Raises
    ------
    InputError : no such key (with the nearest one).
    """
    settings = provenance(scenario)
    if not settings:
        raise InputError("the scenario wasn't loaded from a file, so the sources of its values aren't known")
    if key is None:
        origin = origin_of(scenario)
        drawn = {f"villages.{item}.{key}" for item, drawn in origin.drawn.items() for key in drawn.traits()}
        own = origin.own | drawn
        return {
            name: value
            for name, value in settings.items()
            if name != "title" and (not name.startswith("villages.") or name in own)
        }
    key = _key(key)
    if key in settings:
        return {key: settings[key]}
    inside = {name: value for name, value in settings.items() if name.startswith(f"{key}.")}
    if not inside:
        known = [*settings, *{name.rpartition(".")[0] for name in settings if "." in name}]
        raise InputError(f"unknown key '{key}'{nearest_key(key, known)}")
    return inside


def _key(text: str) -> str:
    return text.strip().strip(".")


def _title(scenario: Scenario) -> str:
    interventions = ", ".join(intervention.name for intervention in scenario.interventions) or "none"
    villages = len(scenario.villages)
    households = sum(village.households for village in scenario.villages)
    extent = f"{villages} village{'' if villages == 1 else 's'}, {households:,} households, {scenario.weeks} weeks"
    return "\n".join(textwrap.wrap(f"{scenario.title} ({extent}; interventions: {interventions})", WIDTH))


def _blocks(settings: Mapping[str, Provenance]) -> str:
    """Return the values block by block: name, value, unit, range and place in columns, with the evidence below them."""
    groups: dict[str, list[tuple[list[str], str]]] = {}
    for key, value in settings.items():
        head, _, name = key.rpartition(".")
        cells = [name, _cut(value_text(value.value), _VALUE), value.unit, range_text(value), place_text(value)]
        groups.setdefault(head, []).append((cells, value.evidence))
    widths = [max(len(cells[at]) for group in groups.values() for cells, _ in group) for at in range(4)]
    lines: list[str] = []
    for head, group in groups.items():
        lines += ([""] if lines else []) + ([head] if head else [])
        for cells, evidence in group:
            row = "  " + "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=False))
            lines.append(f"{row}  {_cut_left(cells[4], WIDTH - len(row) - 2)}")
            lines += textwrap.wrap(evidence, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return "\n".join(lines)


def _one(key: str, value: Provenance) -> str:
    register = load_register()
    unit = "" if value.unit == "1" else value.unit
    lines = textwrap.wrap(f"{key} = {value_text(value.value, full=True)} {unit}".rstrip(), WIDTH)
    lines += _row("meaning", value.meaning)
    lines += _row("symbol", value.symbol)
    lines += _row("unit", {"1": "1 (a pure number)"}.get(value.unit, value.unit))
    lines += _row("range", range_text(value))
    lines += _row("one of", ", ".join(value.shape.options))
    lines += _row("evidence", value.evidence)
    for record in value.records:
        lines += _row("", f"{record}: {record_text(register, record)}")
    lines += _row("set in", place_text(value))
    for below in value.chain():
        lines += _row("replaces", f"{value_text(below.value)}, {place_text(below)} ({below.evidence})")
    return "\n".join(lines)


def record_text(register: Register, name: str) -> str:
    """Return an entry of the register in one line."""
    if name in register.quantities:
        quantity = register.quantities[name]
        return f"{quantity.value:,.6g} {quantity.unit}; {quantity.note}"
    if name in register.records:
        record = register.records[name]
        return record.statement or record.measures
    if name in register.patterns:
        return register.patterns[name].statement
    paper = register.literature[name]
    return f"{paper.mechanism}; {paper.citation}"


def range_text(value: Provenance) -> str:
    """Return the range of values that are accepted; empty where there is none."""
    if value.low is None and value.high is None:
        return ""
    low = "" if value.low is None else f"{value.low:,.8g}"
    high = "" if value.high is None else f"{value.high:,.8g}"
    return f"{low} to {high}".strip()


def value_text(value: Any, full: bool = False) -> str:
    """Return a value as text; full : with all its digits."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:,.12g}" if full else f"{value:,.6g}"
    if isinstance(value, tuple):
        return _listed(value)
    return str(value)


def _listed(values: Sequence[Any]) -> str:
    return "[" + ", ".join(value_text(value) for value in values) + "]"


def place_text(value: Provenance) -> str:
    """Return the place where a value was set; a scenario of the package by its name alone."""
    place = value.place
    if value.file:
        folder = os.path.join(scenarios_folder(), "")
        absolute = os.path.abspath(value.file)
        if absolute.startswith(folder):
            place = absolute.removeprefix(folder) + ("" if value.line is None else f":{value.line}")
    return f"{place}, {value.override}" if value.override and value.override != value.file else place


def _row(label: str, text: str) -> list[str]:
    """Return `text` wrapped after its label, or no lines if there is no text."""
    if not text:
        return []
    head = f"  {label:{_LABEL}}"
    return textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3].rstrip() + "..."


def _cut_left(text: str, width: int) -> str:
    return text if len(text) <= width else "..." + text[len(text) - width + 3 :]
