"""Compiled functions made of lists of them, so that an order or a set of functions is said once, as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.compiler.compiled import compiled


def in_turn(functions: Sequence[Any]) -> Any:
    """Return a function that calls these one after another, with its own arguments; they return nothing."""
    if not functions:
        return _nothing
    first, others = functions[0], in_turn(functions[1:])

    @compiled
    def run(*arguments: Any) -> None:
        first(*arguments)
        others(*arguments)

    return run


def pushes_of(functions: Sequence[Any]) -> Any:
    """Return a function that returns what these return for its own arguments, as a tuple; 0 for what is below 0."""
    first = functions[0]
    if len(functions) == 1:

        @compiled
        def push(*arguments: Any) -> tuple[float, ...]:
            return (max(0.0, first(*arguments)),)

        return push
    others = pushes_of(functions[1:])

    @compiled
    def pushes(*arguments: Any) -> tuple[float, ...]:
        return (max(0.0, first(*arguments)), *others(*arguments))

    return pushes


@compiled
def _nothing(*arguments: Any) -> None:
    """Do nothing."""
