"""Call from Python what the engine compiles for itself alone: such functions have no way in from outside."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import numba

from sim.compiled import OUTER

Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def from_python(function: Function) -> Function:
    """Return a compiled function once more, with the engine's own options and a way in that tests can call."""
    dispatcher: Any = function
    result: Function = numba.njit(**OUTER)(dispatcher.py_func)
    return result
