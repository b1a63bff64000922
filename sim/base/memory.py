"""Memory: how much is free, and a refusal of what needs more. Nothing else would stop a process before the system kills it."""

from __future__ import annotations

from pathlib import Path

from sim.base.errors import InputError

_MEMINFO, _CGROUPS = Path("/proc/meminfo"), Path("/sys/fs/cgroup")
_LIMITS = (("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"))
"""A container's limit and what it uses, in the two versions of control groups."""

ALWAYS_FREE = 50_000_000
"""Bytes that are taken without a look at what is free."""


def free_memory() -> int | None:
    """Return the bytes that this process can still take: of the machine, the container and the process; None if unknown."""
    free = [
        int(line.split()[1]) * 1024
        for line in (_MEMINFO.read_text().splitlines() if _MEMINFO.is_file() else ())
        if line.startswith("MemAvailable:")
    ]
    for limit, used in _LIMITS:
        if (_CGROUPS / limit).is_file():
            most = (_CGROUPS / limit).read_text().strip()
            free += [int(most) - int((_CGROUPS / used).read_text())] if most.isdigit() else []
    try:
        import resource
    except ImportError:  # Windows
        return min(free, default=None)
    most_addressed, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most_addressed != resource.RLIM_INFINITY:
        free.append(most_addressed - int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize())
    return min(free, default=None)


def check_memory(needed: int, what: str) -> None:
    """Check that memory for something is free.

    Raises
    ------
    InputError : it needs more than is free. what : what needs it, such as "2 runs at a time".
    """
    free = free_memory() if needed > ALWAYS_FREE else None
    if free is not None and needed > free:
        raise InputError(f"not enough memory: {what} need {amount(needed)}, and {amount(max(free, 0))} are free")


def amount(size: int) -> str:
    """Return bytes as text, such as ``272 GB``."""
    unit, scale = next((pair for pair in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)) if size >= pair[1]), ("kB", 1e3))
    return f"{size / scale:,.3g} {unit}" if size < 1e15 else f"{size / scale:,.0f} {unit}"
