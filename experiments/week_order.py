"""The week with its phases in another order, to see what depends on the order that was chosen.

The compiled week is one function, so another order is another function: the same loop over another list.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from sim.engine import week
from sim.engine.composing import in_turn

PHASES: dict[str, Any] = {week.name_of(phase): phase for phase, _ in (*week.OPENING, *week.PHASES)}
ORDER = tuple(PHASES)
"""The phases in the model's order; the first runs once a week, the others village by village."""


def week_in_order(phases: Sequence[str]) -> Callable[..., None]:
    """Return `sim.engine.week.advance` with the phases of a village in another order; it is compiled when first called.

    phases : as for `in_order`. Phases write their results at once, as always: a phase placed before one whose results it
    reads sees them a week later.
    """
    scope = {**vars(week), "live_week": in_turn(in_order(phases)[1:])}
    # From a text without a file, so that the code isn't kept: on disk it would be taken for the model's own week.
    exec(compile(inspect.getsource(week.advance.py_func), "<week in another order>", "exec"), scope)  # type: ignore[attr-defined]
    function: Callable[..., None] = scope["advance"]
    return function


def in_order(names: Sequence[str]) -> list[Any]:
    """Return phases by their names.

    names : all of `ORDER`, beginning with what the programme asks (`spread_programme`, `set_programme`), and with
    `clean_public_plots` after `call`, whose time it uses.

    Raises
    ------
    ValueError : a phase is missing, unknown or given twice, or one of these conditions is violated.
    """
    if sorted(names) != sorted(ORDER):
        raise ValueError(f"phases must be {', '.join(ORDER)}, each once")
    if tuple(names[:2]) != ORDER[:2] or names.index("clean_public_plots") < names.index("call"):
        raise ValueError("the programme comes first, and volunteers' calls before the plots that they clear")
    return [PHASES[name] for name in names]
