"""Machine code on disk and in memory: kept once it is compiled, and loaded without the compiler.

A file holds one function with everything that it calls. Its name depends on the engine's text, the processor, the compiler's
version and the kinds of its arguments, so that a change of any of them compiles the function again. A checksum at its
beginning detects half-written and damaged files. The folder is outside the package, so a read-only installation works.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import platform
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite
from llvmlite import binding
from platformdirs import user_cache_dir

from sim.base.rooms import ENGINE_SOURCES
from sim.base.sources import fingerprint

_LOADED: list[Any] = []
"""The engines that hold loaded code; it is never unloaded, because others have its addresses."""


class Code(NamedTuple):
    """A compiled function: its symbol, a letter for each result (see `arguments`), and its code."""

    symbol: str
    results: str
    machine_code: bytes


def kept(name: str, kinds: str) -> Code | None:
    """Return a function's code for arguments of these kinds from the cache; None if it is missing or damaged."""
    try:
        digest, _, rest = _file(name, kinds).read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(rest):
        return None
    head, _, code = rest.partition(b"\n")
    symbol, results = json.loads(head)
    return Code(symbol, results, code)


def keep(name: str, kinds: str, code: Code) -> None:
    """Put a function's code into the cache in one step, so that other processes find either nothing or all of it.

    If the disk is full or read-only, it is compiled again next time.
    """
    rest = json.dumps([code.symbol, code.results]).encode() + b"\n" + code.machine_code
    file = _file(name, kinds)
    part = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        part.write_bytes(_digest(rest) + b"\n" + rest)
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)


def load(code: Code) -> int:
    """Return the address of a function, ready to be called."""
    machine = binding.Target.from_default_triple().create_target_machine()
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
    engine.add_object_file(binding.ObjectFileRef.from_data(code.machine_code))
    engine.finalize_object()
    _LOADED.append(engine)
    return int(engine.get_function_address(code.symbol))


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _file(name: str, kinds: str) -> Path:
    digest = hashlib.sha256("\n".join((*_machine(), kinds)).encode()).hexdigest()[:16]
    return cache_folder() / f"{name}-{digest}"


@cache
def _machine() -> tuple[str, ...]:
    """Return what machine code depends on in addition to the function: the processor, and the compiler's versions."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    numba = find_spec("numba")  # its version is read from its file, since importing it would take longer than the rest
    version = Path(str(numba.origin)).with_name("_version.py").read_text() if numba else ""
    settings = sorted(f"{key}={value}" for key, value in os.environ.items() if key.startswith("NUMBA_"))
    return (
        platform.python_version(), str(llvmlite.__version__), version, binding.get_process_triple(),
        binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten(), *settings,
    )  # fmt: skip


@cache
def cache_folder() -> Path:
    """Return the folder of compiled code: under GRASSROOTS_CACHE or, if unset, in the system's folder for a user's caches."""
    own = Path("grassroots", f"engine-{fingerprint(ENGINE_SOURCES)}")
    try:
        folder = Path(os.environ.get("GRASSROOTS_CACHE") or user_cache_dir()).expanduser() / own
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError):  # the home is read-only or missing: compile in every process instead of failing
        temporary = tempfile.TemporaryDirectory(prefix="grassroots-", ignore_cleanup_errors=True)
        atexit.register(temporary.cleanup)
        folder = Path(temporary.name) / own
        folder.mkdir(parents=True)
        return folder
