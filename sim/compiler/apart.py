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
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from llvmlite import binding

from sim.base.sources import PACKAGE
from sim.compiler import machine_code
from sim.compiler.arguments import spread, text_of
from sim.compiler.compiled import Compiled

Function = TypeVar("Function", bound=Callable[..., None])


class Phase(Compiled):
    """A function, its machine code, and the cell in which callers find its address.

    examples : arguments of the types that it is called with. compiled : whether it was compiled here, and not found.
    """

    def __init__(self, function: Callable[..., None]) -> None:
        super().__init__(function)
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.parameters = tuple(inspect.signature(function).parameters.values())
        self.examples: tuple[Any, ...] = ()
        self.compiled = False
        self.symbol = f"{machine_code.CELL}{self.name}"
        self.cell = ctypes.c_int64(0)
        binding.add_symbol(self.symbol, ctypes.addressof(self.cell))

    @cached_property
    def dispatcher(self) -> Any:
        """What Numba writes into callers."""
        from sim.compiler.compiling import call_by_address

        return call_by_address(self)

    @cached_property
    def _kinds(self) -> str:
        kinds: list[Any] = []
        spread(self.examples, kinds, [])
        return text_of(kinds)

    def load(self) -> bool:
        """Find the machine code in the cache, and let callers find it; False if it isn't there."""
        code = None if self.cell.value else machine_code.kept(f"{self.name}-apart", self._kinds)
        if code is not None:
            self.cell.value = machine_code.load(code)
        return bool(self.cell.value)

    def make(self) -> None:
        """Let callers find the machine code, and compile it if it isn't in the cache."""
        if not self.load():
            from sim.compiler.compiling import code_apart

            code = code_apart(self)
            machine_code.keep(f"{self.name}-apart", self._kinds, code)
            self.compiled, self.cell.value = True, machine_code.load(code)


_PHASES: list[Phase] = []


def apart(function: Function) -> Function:
    """Compile a function that returns nothing, and that compiled functions call, apart from them."""
    phase: Any = Phase(function)
    _PHASES.append(phase)
    return phase  # type: ignore[no-any-return]


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
            phase.examples = tuple(examples[parameter.name] for parameter in phase.parameters)

    def begin(self) -> None:
        """Begin in another process with what isn't in the cache."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
            if all([phase.load() for phase in _PHASES]) or cores() < 2:
                return
            path = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))))
            root = str(machine_code.cache_root())
            self._elsewhere = subprocess.Popen(
                [sys.executable, "-c", self._task], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": path, "GRASSROOTS_CACHE": root},
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
