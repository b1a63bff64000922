"""Call from Python what the engine compiles for itself alone: such functions have no way in from outside."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from sim.compiler.compiled import entry

Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def from_python(function: Function) -> Function:
    """Return a compiled function once more, with a way in that tests can call."""
    source: Any = function
    result: Function = entry(source.py_func)
    return result
