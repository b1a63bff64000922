"""Phases that are compiled apart from the week that calls them, so that two cores share the first run's compiling.

The week calls them by an address that it reads when it runs, and so can be compiled, and kept, before they are. Nothing
else differs from a call of a compiled function.
"""

from __future__ import annotations

import atexit
import ctypes
import inspect
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numba
from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

from sim.compiled import PACKAGE, cache_root, callee

Function = TypeVar("Function", bound=Callable[..., None])


class Phase:
    """A function, its compiled form, and the cell in which callers find its address."""

    def __init__(self, function: Callable[..., None]) -> None:
        self.dispatcher: Any = callee(function)
        self.parameters = tuple(inspect.signature(function).parameters.values())
        self.kinds: tuple[Any, ...] = ()
        self.cell = ctypes.c_int64(0)
        self.symbol = f"grassroots.{function.__module__}.{function.__name__}"
        binding.add_symbol(self.symbol, ctypes.addressof(self.cell))

    def load(self) -> bool:
        """Find the compiled form in the cache; False if it isn't there."""
        found = self.dispatcher._cache.load_overload(self.kinds, self.dispatcher.targetctx)
        if found is not None:
            self.dispatcher.add_overload(found)
        return found is not None

    def make(self) -> None:
        """Compile the function unless that was done, and let callers find it."""
        self.dispatcher.compile(self.kinds)
        found = self.dispatcher.overloads[self.kinds]
        self.cell.value = found.library.get_pointer_to_function(found.fndesc.llvm_func_name)

    def call(self, context: Any, builder: Any, signature: Any, values: Sequence[Any]) -> Any:
        """Write the call into a compiled function."""
        word = ir.IntType(64)
        cell = builder.module.globals.get(self.symbol) or ir.GlobalVariable(builder.module, word, self.symbol)
        kind = context.call_conv.get_function_type(types.none, signature.args)
        function = builder.inttoptr(builder.load(cell), kind.as_pointer())
        status, _ = context.call_conv.call_function(builder, function, types.none, signature.args, values)
        with cgutils.if_unlikely(builder, status.is_error):
            context.call_conv.return_status_propagate(builder, status)
        return context.get_dummy_value()


_PHASES: list[Phase] = []


def apart(function: Function) -> Function:
    """Compile a function that returns nothing, and that compiled functions call, apart from them."""
    phase = Phase(function)
    _PHASES.append(phase)

    def typed(context: Any, *kinds: Any) -> tuple[Any, Any]:
        if kinds != phase.kinds:  # the address would lead to a function of other arguments
            raise TypingError(f"{phase.symbol} takes {phase.kinds}, not {kinds}")
        return types.none(*kinds), phase.call

    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_ONLY)
    typed.__signature__ = inspect.Signature([context, *phase.parameters])  # type: ignore[attr-defined]
    result: Any = intrinsic(typed)
    result.py_func = function
    return result  # type: ignore[no-any-return]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Compilation:
    """The compiling of the phases that stand apart, begun in another process where there is a second core for it.

    examples : by the name of a parameter, an argument of its type. task : what that process is to run, in Python; it calls
    `finish` of a compilation of the same.
    """

    def __init__(self, examples: Mapping[str, Any], task: str) -> None:
        self._lock = threading.Lock()
        self._task = task
        self._begun = False
        self._elsewhere: subprocess.Popen[bytes] | None = None
        self.finished = False
        for phase in _PHASES:
            phase.kinds = tuple(numba.typeof(examples[parameter.name]) for parameter in phase.parameters)

    def begin(self) -> None:
        """Begin in another process with what isn't in the cache."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
            if all([phase.load() for phase in _PHASES]) or cores() < 2:
                return
            path = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))))
            self._elsewhere = subprocess.Popen(
                [sys.executable, "-c", self._task], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": path, "GRASSROOTS_CACHE": str(cache_root())},
            )  # fmt: skip
            atexit.register(self._elsewhere.kill)

    def finish(self) -> None:
        """Wait for the other process, and compile here what it has not."""
        with self._lock:
            if self._elsewhere is not None:
                self._elsewhere.wait()  # if it failed, so will this process, and say why
                atexit.unregister(self._elsewhere.kill)
                self._elsewhere = None
            for phase in _PHASES:
                phase.make()
            self.finished = True
