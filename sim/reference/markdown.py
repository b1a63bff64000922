"""Markdown for all pages: tables, code, docstrings and values."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from typing import Any

from sim.evidence.text import interval
from sim.scenario.shape import Leaf

COMMAND = "python -m sim.reference"
NOTE = f"Written by `{COMMAND}` from the code and `seeds/`. Don't edit it; a test fails when it is out of date."

Row = Sequence[str]


def table(head: Row, rows: Iterable[Row]) -> str:
    """Return a Markdown table without padding; a column that is empty in every row is left out."""
    body = [[_cell(text) for text in row] for row in rows]
    kept = [at for at in range(len(head)) if not body or any(row[at] for row in body)]
    lines = [[head[at] for at in kept], ["---"] * len(kept), *([row[at] for at in kept] for row in body)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def code(text: str) -> str:
    """Return a text formatted as code."""
    return f"`{text}`"


def paragraphs(thing: object) -> list[str]:
    """Return the paragraphs of a docstring, each in one line of Markdown."""
    parts = [" ".join(part.split()) for part in (inspect.getdoc(thing) or "").split("\n\n")]
    return [part.replace("``", "`") for part in parts]


def unit_of(unit: str) -> str:
    """Return the name of a unit."""
    return {"1": "pure number"}.get(unit, unit)


def options(leaf: Leaf) -> str:
    """Return the permitted values: a list of words, or a range."""
    if leaf.options:
        return ", ".join(leaf.options)
    return "" if leaf.low is None and leaf.high is None else interval(leaf.low, leaf.high, "")


def shown(value: Any) -> str:
    """Return a value in the format of the tables."""
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple):
        return ", ".join(map(shown, value))
    return str(value)


def summary(thing: object) -> str:
    """Return the first paragraph of a docstring, without its full stop."""
    return paragraphs(thing)[0].rstrip(".")
