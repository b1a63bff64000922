"""What is uncertain: intervals of scenario values, in ``scenarios/priors.yaml``, and draws from them.

Uncertain values are the household's; levers and outcomes are kept apart. Within its interval every value is equally
likely. Draws are rows of a scrambled Sobol sequence, keyed by their number: more draws keep the first ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError, nearest
from sim.evidence import load_register
from sim.scenario import load_scenario, provenance, scenarios_folder
from sim.world.columns import F64
from sim.yaml_reader import read_yaml

KEYS = {"low", "high", "evidence", "assumption"}


@dataclass(frozen=True, slots=True)
class Prior:
    """An uncertain value: its key in a scenario, interval, unit, symbol and what the interval rests on."""

    key: str
    low: float
    high: float
    unit: str
    symbol: str
    evidence: str


def load_priors(path: Path | None = None) -> tuple[Prior, ...]:
    """Load the priors, in the file's order.

    Raises InputError for an unknown key or record, an interval that is empty or leaves the value's range, and an
    interval without evidence or assumption.
    """
    root = read_yaml(path or scenarios_folder() / "priors.yaml")
    register = load_register()
    known = {**register.records, **register.patterns, **register.literature}
    values = provenance(load_scenario("baseline"))
    priors = []
    for key, node in root.value.items():
        if key not in values:
            raise node.error(f"unknown key '{key}'{nearest(key, values)}")
        item: Mapping[str, Any] = node.plain() if isinstance(node.value, dict) else {}
        for word in item:
            if word not in KEYS:
                raise node.error(f"unknown key '{word}'{nearest(word, KEYS)}")
        low, high = item.get("low"), item.get("high")
        if not isinstance(low, int | float) or not isinstance(high, int | float) or not low < high:
            raise node.error(f"'{key}' needs numbers low < high")
        value = values[key]
        if (value.low is not None and low < value.low) or (value.high is not None and high > value.high):
            raise node.error(f"'{key}': [{low:g}, {high:g}] leaves the range [{value.low:g}, {value.high:g}]")
        for record in item.get("evidence", []):
            if record.split(".")[0] not in known:
                raise node.error(f"unknown record '{record}'{nearest(record, known)}")
        if not item.get("evidence") and not item.get("assumption"):
            raise node.error(f"'{key}' has neither evidence nor an assumption")
        words = [", ".join(item.get("evidence", [])), str(item.get("assumption", ""))]
        priors.append(Prior(key, float(low), float(high), value.unit, value.symbol, "; ".join(w for w in words if w)))
    if not priors:
        raise InputError("holds no priors", root.file)
    return tuple(priors)


def draw(priors: tuple[Prior, ...], count: int, seed: int) -> F64:
    """Return draws, shape (count, priors): the first rows of a scrambled Sobol sequence over the intervals."""
    from scipy.stats import qmc

    m = max(1, int(np.ceil(np.log2(count))))
    unit = qmc.Sobol(len(priors), seed=seed).random_base2(m)[:count]
    low, high = np.array([p.low for p in priors]), np.array([p.high for p in priors])
    return np.asarray(low + (high - low) * unit, np.float64)
