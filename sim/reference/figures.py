"""The page on figures: every public function of `sim.figures` with its parameters and the columns of its tables."""

from __future__ import annotations

import inspect
import sys
from types import FunctionType

import sim.figures
from sim.reference.markdown import NOTE, code, paragraphs

INTRODUCTION = """A figure is a function of tables: it takes those that commands write as Parquet, or those of `sim.compare`
and the other analyses, and returns a `matplotlib.figure.Figure`, which `sim.figures.save` writes. Widths are in mm: `SINGLE`
and `DOUBLE` are one and two columns of a journal."""
EXAMPLE = """```python
import pandas as pd
from sim import figures

effects = pd.read_parquet("results/comparison/HASH/effects.parquet")
figures.save(figures.forest(effects, ["adopted", "trust"]), "effects")
```"""


def figures_page() -> list[str]:
    """Return the parts of the page on figures."""
    parts = ["# Figures", NOTE, " ".join(INTRODUCTION.split()), EXAMPLE]
    for name in sorted(sim.figures.__all__):
        function = getattr(sim.figures, name)
        if isinstance(function, FunctionType):
            parts += [f"## {code(name)}", *_described(function)]
    return parts


def _described(function: FunctionType) -> list[str]:
    """Return a function's call and docstring, and the columns that it or its module names in capitals."""
    parameters = [str(one).split(":")[0].split(" = ")[0] for one in inspect.signature(function).parameters.values()]
    text = paragraphs(function)
    told = [
        f"{code(word)}: {', '.join(map(code, columns))}."
        for word, columns in vars(sys.modules[function.__module__]).items()
        if word.endswith("COLUMNS") and f"`{word}`" in (function.__doc__ or "")
    ]
    call = f"{function.__name__}({', '.join(parameters)})"
    return [code(call), *(part.removeprefix("Parameters ---------- ") for part in text), *told]
