"""What a results folder's runs depend on: their hash, and the manifest that tells it to people.

What is true of the whole process - the model's files, versions, the commit - is looked up once: it keeps what it loaded.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from sim.base.sources import PACKAGE, fingerprint
from sim.interventions import digest
from sim.results.parts import Grid
from sim.scenario import Scenario, canonical
from sim.uncertainty.draw_table import DrawTable

LAYOUT = 2
"""Version of the layout of results folders; part of the hash."""


def run_hash(scenario: Scenario, seed: int, weeks: int, draws: DrawTable | None = None) -> str:
    """Return 16 hexadecimal digits for what a scenario's runs depend on, but for the replicate; host-independent."""
    outside = intervention_digests(scenario).values()
    parts = [str(LAYOUT), canonical(scenario), str(seed), str(weeks), fingerprint(), *outside]
    if draws is not None:
        parts.append(draws_hash(draws))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def draws_hash(draws: DrawTable) -> str:
    """Return 64 hexadecimal digits for a table's keys and, by number, its values; its name and order don't count."""
    order = np.argsort(draws.numbers)
    found = hashlib.sha256("\0".join(draws.keys).encode())
    found.update(np.ascontiguousarray(draws.numbers[order], "<i8").tobytes())
    found.update(np.ascontiguousarray(draws.values[order], "<f8").tobytes())
    return found.hexdigest()


def intervention_digests(scenario: Scenario) -> dict[str, str]:
    """Return a hash of the source text for each kind of intervention that comes from outside the package, sorted by kind."""
    kinds = {intervention.kind: digest(type(intervention)) for intervention in scenario.interventions}
    return {kind: kinds[kind] for kind in sorted(kinds) if kinds[kind]}


def versions() -> dict[str, str]:
    """Return the versions that a manifest records."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in ("grassroots", "numpy", "numba", "mesa", "pydantic", "pyarrow", "scipy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


@cache
def commit() -> str | None:
    """Return the commit of the checkout that the package runs from, with ``+`` if it is changed; None elsewhere."""
    if not (PACKAGE.parent / ".git").exists():  # installed, perhaps somewhere inside another project's checkout
        return None
    try:
        answer = subprocess.run(
            ["git", "-C", str(PACKAGE), "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
            capture_output=True, text=True, timeout=5, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None


def manifest(
    scenario: Scenario, name: str, seed: int, weeks: int, draws: DrawTable | None = None, grid: Grid | None = None
) -> dict[str, Any]:
    """Return what a results folder says of its runs; `grid` is how they are spread over files."""
    told = None
    if draws is not None:
        told = {"name": draws.name, "keys": list(draws.keys), "count": len(draws), "hash": draws_hash(draws)}
    return {
        "layout": LAYOUT,
        "name": name,
        "title": scenario.title,
        "seed": seed,
        "weeks": weeks,
        "inputs": run_hash(scenario, seed, weeks, draws),
        "model": fingerprint(),
        "interventions": intervention_digests(scenario),
        "draws": told,
        "grid": None if grid is None else grid._asdict(),
        "scenario": json.loads(canonical(scenario)),
        "versions": versions(),
        "commit": commit(),
    }
