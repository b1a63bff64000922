"""The week with its phases in another order, to see what depends on the order that was chosen.

The compiled week is one function, so another order is another function: the same source text with its calls moved.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from sim.compiler.compiled import entry
from sim.engine import week

ORDER = tuple(name for name, _ in week.PHASES)
"""The phases in the model's order; the first runs once a week, the others village by village."""


def week_in_order(phases: Sequence[str]) -> Callable[..., None]:
    """Return `sim.engine.week.advance` with the phases of a village in another order; it is compiled when first called.

    phases : all of `ORDER`, beginning with what the programme asks (`spread_programme`, `set_programme`), and with
    `clean_public_plots` after `call`, whose time it uses. Phases write their results at once, as always: a phase placed
    before one whose results it reads sees them a week later.

    Raises
    ------
    ValueError : a phase is missing, unknown or given twice, or one of these conditions is violated.
    """
    scope = dict(vars(week))
    exec(compile(reordered(phases), "<week in another order>", "exec"), scope)
    function: Callable[..., None] = entry(scope["advance"])
    return function


def reordered(phases: Sequence[str]) -> ast.Module:
    """Return the source of `advance` with its calls in another order. Raises ValueError as `week_in_order`."""
    if sorted(phases) != sorted(ORDER):
        raise ValueError(f"phases must be {', '.join(ORDER)}, each once")
    if tuple(phases[:2]) != ORDER[:2] or phases.index("clean_public_plots") < phases.index("call"):
        raise ValueError("the programme comes first, and volunteers' calls before the plots that they clear")
    module = ast.parse(inspect.getsource(week.advance.py_func))  # type: ignore[attr-defined]
    (advance,) = (node for node in module.body if isinstance(node, ast.FunctionDef))
    advance.decorator_list = []
    (villages,) = (node for node in ast.walk(advance) if isinstance(node, ast.For) and _name(node.target) == "v")
    calls = {_called(statement): statement for statement in villages.body}
    first = next(k for k, statement in enumerate(villages.body) if _called(statement) == ORDER[1])
    villages.body[first : first + len(ORDER) - 1] = [calls[name] for name in phases[1:]]
    return ast.fix_missing_locations(module)


def _called(statement: ast.stmt) -> str:
    """Return the name of the function that a statement calls; empty for any other statement."""
    value: Any = getattr(statement, "value", None)
    return _name(value.func) if isinstance(value, ast.Call) else ""


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
