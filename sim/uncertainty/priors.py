"""Priors of uncertain scenario values, in ``scenarios/priors.yaml``, and draws from them.

Uncertainties, levers and outcomes are kept apart: somebody decides on a lever (an intervention's value) and the model
produces an outcome, so neither has a prior. Draws are rows of a scrambled Sobol sequence, keyed by their number: a larger
sample keeps the draws of a smaller one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.base.arrays import F64
from sim.base.errors import InputError, nearest
from sim.base.memory import check_memory
from sim.base.yaml_reader import Node, read_yaml
from sim.engine.outcomes import TOTALS, WEEKLY
from sim.evidence import load_register
from sim.scenario import load_scenario, provenance, scenarios_folder
from sim.scenario.values import Provenance
from sim.uncertainty.distribution import SHAPE, Distribution

NUMBERS = ("low", "high", "mode", "mean", "sd")
KEYS = {*NUMBERS, "distribution", "evidence", "assumption"}

BYTES_OF_A_VALUE = 32
"""What each value of a draw takes while draws are made."""


@dataclass(frozen=True)
class Prior:
    """An uncertain value: its key in a scenario, its distribution, unit and symbol, and the evidence for the prior."""

    key: str
    distribution: Distribution
    unit: str = ""
    symbol: str = ""
    evidence: str = ""

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.distribution.low

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.distribution.high

    @property
    def name(self) -> str:
        """The key's last part in words, with the symbol in brackets where there is one."""
        word = self.key.rpartition(".")[2].replace("_", " ")
        return f"{word} ({self.symbol})" if self.symbol else word


def load_priors(path: Path | None = None) -> tuple[Prior, ...]:
    """Load the priors, in the file's order.

    Raises InputError for a key that belongs to an intervention or is an outcome, an unknown key, word or record, an
    impossible distribution or one that leaves the value's range, and a prior without evidence or assumption.
    """
    root = read_yaml(path or scenarios_folder() / "priors.yaml")
    register = load_register()
    known = {**register.records, **register.patterns, **register.literature}
    values = provenance(load_scenario("baseline"))
    if not isinstance(root.value, dict):
        raise root.error("must be a mapping from keys to priors")
    priors = []
    for key, node in root.value.items():
        _check_uncertain(key, node, values)
        item: Mapping[str, Any] = node.plain() if isinstance(node.value, dict) else {}
        for word in item:
            if word not in KEYS:
                raise node.error(f"unknown key '{word}'{nearest(word, KEYS)}")
        distribution = _distribution(key, item, node)
        value = values[key]
        low, high = distribution.low, distribution.high
        if (value.low is not None and low < value.low) or (value.high is not None and high > value.high):
            bounds = f"[{low:g}, {high:g}] extends beyond the value's range [{value.low:g}, {value.high:g}]"
            raise node.error(f"'{key}': {bounds}")
        evidence = item.get("evidence", [])
        if not isinstance(evidence, list) or not all(isinstance(record, str) for record in evidence):
            raise node.error(f"'{key}': evidence must be a list of records' names")
        for record in evidence:
            if record.split(".")[0] not in known:
                raise node.error(f"unknown record '{record}'{nearest(record, known)}")
        if not evidence and not item.get("assumption"):
            raise node.error(f"'{key}' has neither evidence nor an assumption")
        words = [", ".join(evidence), str(item.get("assumption", ""))]
        priors.append(Prior(key, distribution, value.unit, value.symbol, "; ".join(w for w in words if w)))
    if not priors:
        raise InputError("contains no priors", root.file)
    return tuple(priors)


def _check_uncertain(key: str, node: Node, values: Mapping[str, Provenance]) -> None:
    """Raise InputError for a key that isn't an uncertain number of a scenario."""
    if key.split(".")[0] in ("interventions", "programme"):
        raise node.error(f"'{key}' belongs to an intervention: it is decided on, not uncertain; set it in a scenario")
    if key in {outcome.name for outcome in (*TOTALS, *WEEKLY)}:
        raise node.error(f"'{key}' is an outcome: the model computes it, so it has no prior")
    if key not in values:
        raise node.error(f"unknown key '{key}'{nearest(key, values)}")
    if not values[key].shape.is_number or key == "weeks":
        raise node.error(f"'{key}' isn't an uncertain number of a village, so it can't have a prior")


def _distribution(key: str, item: Mapping[str, Any], node: Node) -> Distribution:
    """Return the distribution that an entry of the file describes."""
    kind = item.get("distribution", "uniform")
    if not isinstance(kind, str) or kind not in SHAPE:
        raise node.error(f"'{key}': there is no distribution '{kind}'{nearest(str(kind), SHAPE)}")
    numbers = {name: item[name] for name in NUMBERS if name in item}
    # In Python a bool is an int too, but it isn't a number here.
    if not {"low", "high"} <= numbers.keys() or any(
        isinstance(x, bool) or not isinstance(x, int | float) for x in numbers.values()
    ):
        raise node.error(f"'{key}' needs numbers low < high")
    try:
        return Distribution(kind=kind, **{name: float(x) for name, x in numbers.items()})
    except ValueError as error:
        raise node.error(f"'{key}': {error}") from None


def as_priors(priors: Sequence[Prior] | Mapping[str, tuple[float, float] | Distribution]) -> tuple[Prior, ...]:
    """Return priors as they are, or made from a mapping of names to distributions or, for uniform ones, to (low, high).

    Raises ValueError for an empty interval, and if there are no priors.
    """
    if isinstance(priors, Mapping):
        priors = [
            Prior(name, shape if isinstance(shape, Distribution) else Distribution(float(shape[0]), float(shape[1])))
            for name, shape in priors.items()
        ]
    if not priors:
        raise ValueError("there are no priors")
    return tuple(priors)


def draw(priors: Sequence[Prior], count: int, seed: int) -> F64:
    """Return draws, shape (count, priors): the first rows of a scrambled Sobol sequence, as quantiles of the priors."""
    from scipy.stats import qmc

    check_memory(BYTES_OF_A_VALUE * count * len(priors), f"{count:,} draws")
    m = max(1, int(np.ceil(np.log2(count))))
    unit = qmc.Sobol(len(priors), seed=seed).random_base2(m)[:count]
    return np.column_stack([prior.distribution.quantile(unit[:, k]) for k, prior in enumerate(priors)])
