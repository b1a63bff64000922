"""How objects show themselves at a prompt and in a notebook: a few lines of text, a light table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from html import escape
from typing import Any

LINES, WIDTH = 10, 100
"""The most lines that an object shows of itself, and the most characters of each."""


def brief(one: Any) -> str:
    """Return a dataclass's repr in at most `LINES` lines, a field a line; long values by their type and size."""
    shown = [item.name for item in fields(one) if item.repr]
    lines = [f"  {name} = {_short(getattr(one, name))}" for name in shown]
    if len(lines) > LINES - 2:
        lines = [*lines[: LINES - 3], f"  ... {len(lines) - LINES + 3} more"]
    return "\n".join([f"{type(one).__name__}(", *map(shortened, lines), ")"])


def shortened(line: str) -> str:
    """Return a line of at most `WIDTH` characters."""
    return line if len(line) <= WIDTH else line[: WIDTH - 3] + "..."


def _short(value: Any) -> str:
    """Return a value in less than a line."""
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:  # an array or a table
        return f"{type(value).__name__} of shape {shape}"
    text = f"{len(value)} entries" if isinstance(value, Mapping) and len(value) > 3 else repr(value)
    if len(text) > WIDTH // 2 or "\n" in text:
        size = f" of {len(value)}" if hasattr(value, "__len__") and not isinstance(value, str) else ""
        return repr(shortened(value)) if isinstance(value, str) else f"{type(value).__name__}{size}"
    return text


def html_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of texts as HTML; the first cell of each row names it."""
    cells = [
        "<tr>" + f'<th scope="row" style="text-align:left">{escape(first)}</th>'
        + "".join(f"<td>{escape(text)}</td>" for text in others) + "</tr>"
        for first, *others in rows
    ]  # fmt: skip
    titles = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    return (
        f'<table><caption style="text-align:left">{escape(caption)}</caption>'
        f"<thead><tr>{titles}</tr></thead><tbody>{''.join(cells)}</tbody></table>"
    )
