"""The identity of runs and reports: a hash of everything that can change them.

The model's files, versions and the commit are looked up once per process, which keeps the code that it loaded.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from sim.base.sources import PACKAGE, fingerprint
from sim.interventions import digest, loaded_digests
from sim.results.rows import RowShape
from sim.scenario import Scenario, canonical
from sim.scenario.provenance import origin_of
from sim.uncertainty.draw_table import DrawTable

LAYOUT = 3
"""Version of the layout of results folders; part of the hash."""
BLOCK = 1 << 12
"""Number of draws hashed at a time."""


def identity(inputs: Mapping[str, Any]) -> str:
    """Return 16 hexadecimal digits for everything that some results depend on; the same on every machine."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def run_inputs(
    scenario: Scenario, seed: int, weeks: int, draws: DrawTable | None = None, shape: RowShape | None = None
) -> dict[str, Any]:
    """Return what a scenario's runs depend on except the replicate. shape : of rows; that of batches if None."""
    shape = shape or RowShape.of(scenario, weeks)
    return {
        "layout": LAYOUT,
        "scenario": json.loads(canonical(scenario)),
        "seed": seed,
        "weeks": weeks,
        "draws": None if draws is None else {"hash": draws_hash(draws), "values": spread_of_values(scenario)},
        "observed": shape.as_json(),
        **code_inputs(scenario),
    }


def code_inputs(*scenarios: Scenario) -> dict[str, Any]:
    """Return hashes of the code that runs depend on: the model, interventions from outside it, all files of such loaded."""
    interventions = {kind: text for scenario in scenarios for kind, text in intervention_digests(scenario).items()}
    return {
        "model": fingerprint(),
        "interventions": dict(sorted(interventions.items())),
        "intervention_files": loaded_digests(),
    }


def run_hash(
    scenario: Scenario, seed: int, weeks: int, draws: DrawTable | None = None, shape: RowShape | None = None
) -> str:
    """Return the identity of a scenario's runs; see `run_inputs`."""
    return identity(run_inputs(scenario, seed, weeks, draws, shape))


def spread_of_values(scenario: Scenario) -> dict[str, Any]:
    """Return what decides, in addition to the scenario, which villages a draw's value changes.

    A value of a draw goes to all villages that share it, and drawn villages vary about it.
    """
    origin = origin_of(scenario)
    return {
        "own": sorted(origin.own),
        "members": {name: list(members) for name, members in origin.members.items()},
        "drawn": {name: drawn.model_dump(mode="json") for name, drawn in origin.drawn.items()},
    }


def draws_hash(draws: DrawTable) -> str:
    """Return 64 hexadecimal digits for a table's keys and values by number; its name and the order of rows don't count."""
    order = np.argsort(draws.numbers)
    hasher = hashlib.sha256("\0".join(draws.keys).encode())
    hasher.update(np.ascontiguousarray(draws.numbers[order], "<i8").tobytes())
    for first in range(0, order.size, BLOCK):  # there may be millions
        hasher.update(np.ascontiguousarray(draws.values[order[first : first + BLOCK]], "<f8").tobytes())
    return hasher.hexdigest()


def intervention_digests(scenario: Scenario) -> dict[str, str]:
    """Return a hash of the source text for each kind of intervention that comes from outside the package, sorted by kind."""
    kinds = {intervention.kind: digest(type(intervention)) for intervention in scenario.interventions}
    return {kind: kinds[kind] for kind in sorted(kinds) if kinds[kind]}


def versions() -> dict[str, str]:
    """Return the versions that a manifest records."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    installed = {"python": platform.python_version()}
    for package in ("grassroots", "numpy", "numba", "mesa", "pydantic", "pyarrow", "scipy"):
        try:
            installed[package] = version(package)
        except PackageNotFoundError:
            installed[package] = "not installed"
    return installed


@cache
def commit() -> str | None:
    """Return the commit of the checkout that the package runs from, with ``+`` if files changed; None outside one."""
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
