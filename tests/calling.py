"""Call from Python functions that the engine compiles only for its own use: these have no wrapper for Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from sim.compiler.compiled import entry

Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def from_python(function: Function) -> Function:
    """Return a compiled function with a wrapper, so that tests can call it."""
    source: Any = function
    result: Function = entry(source.py_func)
    return result
