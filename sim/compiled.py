"""Compile functions with Numba, strictly and with a cache that can't go stale.

Strict: no fast-math, no parallel reductions, so a result doesn't depend on the processor or the number of threads.
Cache: Numba's own index looks only at the file of the function it caches, not at the functions that one calls. The
cache folder here is therefore keyed by the text of every compiled module: change any of them and everything is
compiled anew. It lies outside the package, so a read-only installation works.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import config
from numba.core.caching import FunctionCache

from sim.linking import CalledCompiler, PartCompiler, WholeCompiler

# Neither allocation nor counted references: counting takes an atomic instruction at every slice and call, which took
# longer than the work. The caller's arrays outlive the call; code that would need memory of its own doesn't compile.
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}
OUTER: dict[str, Any] = {**OPTIONS, "pipeline_class": WholeCompiler}
# A wrapper for Python around each inner function would take a fifth of the compile time; only entries get one.
INNER: dict[str, Any] = {**OPTIONS, "no_cpython_wrapper": True, "pipeline_class": PartCompiler}
CALLEE: dict[str, Any] = {**OUTER, "no_cpython_wrapper": True}

Function = TypeVar("Function", bound=Callable[..., Any])

PACKAGE = Path(__file__).resolve().parent
# What is compiled into the engine, relative to the package.
ENGINE_SOURCES = (
    "apart.py", "compiled.py", "draws.py", "elementary.py", "linking.py", "mechanisms", "programme.py", "rules.py",
    "tallies.py", "threefry.py", "week.py", "world",
)  # fmt: skip
# What can change a result: the engine, and how a scenario becomes its input.
MODEL_SOURCES = (
    *ENGINE_SOURCES,
    "fields.py",
    "interventions",
    "outcomes.py",
    "parameters.py",
    "scenario",
    "simulation.py",
)


class _Cache(FunctionCache):  # type: ignore[misc]
    """Numba's cache; what it holds is loaded without all that is only needed for compiling, which takes longer."""

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        super().__init__(function)
        self._options = sorted(options)

    def _index_key(self, signature: Any, codegen: Any) -> Any:
        """Return the key of a compiled form; of one function there may be one with and one without a way in."""
        return super()._index_key(signature, codegen), *self._options

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled function for a signature; None if it isn't there."""
        return self._load_overload(sig, target_context)


def compiled(function: Function) -> Function:
    """Compile a function that other compiled functions call; it is cached as part of them."""
    result: Function = numba.njit(**INNER)(function)
    return result


def called(function: Function) -> Function:
    """Compile a function that is long and called from many places: it is there once, not once in each of them."""
    result: Function = numba.njit(**{**INNER, "pipeline_class": CalledCompiler})(function)
    return result


def inlined(function: Function) -> Function:
    """Compile a function into its callers' bodies, for the few loops that must vectorise through it."""
    result: Function = numba.njit(**INNER, forceinline=True)(function)
    return result


def entry(function: Function) -> Function:
    """Compile a function that Python calls, and cache it on disk."""
    result: Function = _cached(function, OUTER)
    return result


def callee(function: Function) -> Function:
    """Compile a function that compiled code calls by its address (see `sim.apart`), and cache it on disk."""
    result: Function = _cached(function, CALLEE)
    return result


def _cached(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    dispatcher: Any = numba.njit(**options)(function)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder())
    try:  # Numba reads the setting once, when a cache is made; other users' functions keep theirs.
        dispatcher._cache = _Cache(function, options)
    finally:
        config.CACHE_DIR = before
    return dispatcher


def fingerprint(sources: Iterable[str] = MODEL_SOURCES) -> str:
    """Return 16 hexadecimal digits that change with the text of these files and folders of the package."""
    digest = hashlib.sha256()
    for source in sources:
        path = PACKAGE / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Return the folder of compiled code, under that of `cache_root`."""
    root = os.environ.get("GRASSROOTS_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(root) / "grassroots" / f"engine-{fingerprint(ENGINE_SOURCES)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:  # a read-only home: compile anew in every process rather than fail
        own = tempfile.TemporaryDirectory(prefix="grassroots-", ignore_cleanup_errors=True)
        atexit.register(own.cleanup)
        return Path(own.name) / folder.parent.name / folder.name


def cache_root() -> Path:
    """Return what GRASSROOTS_CACHE has to be for another process to find the same folder."""
    return cache_folder().parents[1]
