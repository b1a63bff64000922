"""Compile functions with Numba, strictly, and keep their machine code.

Strict means without fast-math and parallel reductions, so that no result depends on the processor or the number of threads.
Nothing is compiled, and Numba isn't imported, until a call finds no code in the cache (`sim.compiler.machine_code`).
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property, update_wrapper
from typing import Any, TypeVar

from sim.base.sources import outside_digest
from sim.compiler import arguments as arguments_of_calls
from sim.compiler import first_run, machine_code

Function = TypeVar("Function", bound=Callable[..., Any])

_COMPILING = threading.RLock()


class Callee(ABC):
    """A function that compiled functions call; Numba compiles it as part of the first of them.

    py_func : the Python function that defines it.
    """

    def __init__(self, py_func: Callable[..., Any]) -> None:
        update_wrapper(self, py_func)
        self.py_func = py_func

    @property
    @abstractmethod
    def dispatcher(self) -> Any:
        """Numba's form of the function."""

    @property
    def _numba_type_(self) -> Any:
        """The type by which Numba knows the function, even in functions that this module didn't compile."""
        from sim.compiler.compiling import type_of

        return type_of(self.dispatcher)

    def __call__(self, *arguments: Any) -> Any:
        """Refuse, since it has no wrapper for Python."""
        raise TypeError(f"{self.py_func.__qualname__} is for compiled functions to call; make an `entry` that calls it")


class Compiled(Callee):
    """A function of numbers and arrays."""

    @cached_property
    def dispatcher(self) -> Any:
        """Numba's form of the function."""
        from sim.compiler.compiling import dispatcher_of

        return dispatcher_of(self.py_func)


class Instruction(Callee):
    """A function written as instructions for LLVM."""

    @cached_property
    def dispatcher(self) -> Any:
        """Numba's form of the function."""
        from sim.compiler.compiling import instruction_of

        return instruction_of(self.py_func)


class Entry(Compiled):
    """A compiled function that Python can call, with one wrapper for each combination of argument kinds.

    compiled : how many of the wrappers were compiled in this process, not found in the cache.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self.name = f"{function.__module__}.{function.__qualname__}".replace("<", "").replace(">", "")
        self.compiled = 0
        self._callers: dict[tuple[Any, ...], Callable[[list[int]], Any]] = {}

    def __call__(self, *arguments: Any) -> Any:
        """Call the function."""
        call, words = self.prepare(arguments)
        return call(words)

    def prepare(self, arguments: Sequence[Any]) -> tuple[Callable[[list[int]], Any], list[int]]:
        """Return (what calls the function with arguments of these kinds, the words to call it with).

        The arguments must outlive the words, which hold their addresses.
        """
        kinds: list[Any] = []
        words: list[int] = []
        arguments_of_calls.spread(arguments, kinds, words)
        key = tuple(kinds)
        return self._callers.get(key) or self._find(arguments, key), words

    def _find(self, arguments: Sequence[Any], kinds: tuple[Any, ...]) -> Callable[[list[int]], Any]:
        text = arguments_of_calls.text_of(kinds)
        with _COMPILING:
            if kinds not in self._callers:
                outside = outside_digest(self)
                text += f" {outside}"
                code = machine_code.kept(self.name, text) if outside is not None else None
                if code is None:
                    if outside == "":
                        first_run.tell()
                    from sim.compiler.compiling import code_with_wrapper

                    code = code_with_wrapper(self, arguments)
                    self.compiled += 1
                    if outside is not None:
                        machine_code.keep(self.name, text, code)
                self._callers[kinds] = arguments_of_calls.caller(machine_code.load(code), code.results)
        return self._callers[kinds]


def compiled(function: Function) -> Function:
    """Compile a function that other compiled functions call; it is cached as part of them."""
    result: Any = Compiled(function)
    return result  # type: ignore[no-any-return]


def instruction(definition: Callable[..., Any]) -> Any:
    """Make a function from its definition in LLVM's instructions; see `numba.extending.intrinsic`."""
    return Instruction(definition)


def entry(function: Function) -> Function:
    """Compile a function that Python calls, and keep its code on disk.

    It takes numbers, arrays, records, and tuples of these, by position, and returns nothing, a number or a tuple of numbers.
    """
    result: Any = Entry(function)
    return result  # type: ignore[no-any-return]
