"""Formats of pictures and tables: which there are, and tables written in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sim.base.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

PICTURES = ("png", "svg", "pdf")
USUAL = ("png", "svg", "csv")
"""The formats of a report unless others are asked for."""
SPECIAL = str.maketrans({
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
})  # fmt: skip
"""What LaTeX reads as commands."""


def formats_of(text: str | None) -> tuple[str, ...]:
    """Return the formats of ``--format``, such as ``pdf,md``; those that are usual if it wasn't given.

    Raises InputError, with the nearest name, for an unknown one.
    """
    if text is None:
        return USUAL
    names = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",")))
    known = (*PICTURES, *TABLES)
    for name in names:
        if name not in known:
            raise InputError(f"unknown format '{name}'{nearest(name, known)}; known: {', '.join(known)}", "--format")
    return names


def _cell(value: Any) -> str:
    return ("" if value != value else f"{value:.6g}") if isinstance(value, float) else str(value)


def _cells(table: pd.DataFrame) -> list[list[str]]:
    """Return the head and the rows of a table as text."""
    rows = table.itertuples(index=False, name=None)
    return [[str(name) for name in table.columns], *([_cell(value) for value in row] for row in rows)]


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, float_format="%.6g").encode()


def _markdown(table: pd.DataFrame) -> bytes:
    head, *rows = ([cell.replace("|", "\\|") for cell in row] for row in _cells(table))
    lines = [head, ["---"] * len(head), *rows]
    return ("\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n").encode()


def _latex(table: pd.DataFrame) -> bytes:
    """Return a table for the package booktabs, with numbers to the right."""
    head, *rows = ([cell.translate(SPECIAL) for cell in row] for row in _cells(table))
    columns = "".join("r" if table[name].dtype.kind in "fiu" else "l" for name in table.columns)
    body = [" & ".join(row) + r" \\" for row in rows]
    lines = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", " & ".join(head) + r" \\", r"\midrule", *body]
    return ("\n".join([*lines, r"\bottomrule", r"\end{tabular}"]) + "\n").encode()


def _excel(table: pd.DataFrame) -> bytes:
    """Return a workbook. Raises InputError if openpyxl isn't installed."""
    stream = BytesIO()
    try:
        table.to_excel(stream, index=False, engine="openpyxl")
    except ImportError:
        raise InputError("xlsx needs openpyxl: pip install 'grassroots[excel]'", "--format") from None
    return stream.getvalue()


TABLES: Mapping[str, Callable[[pd.DataFrame], bytes]] = {
    "csv": _csv, "md": _markdown, "latex": _latex, "xlsx": _excel
}  # fmt: skip
"""The formats of tables, each with the function that writes one."""
ENDINGS = {"latex": "tex"}
"""Endings of files that aren't the format's name."""
