"""Studies: scenarios run over a design with replicates; the scenarios' keys name the values that vary."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.analysis.sensitivity.design import Design
from sim.base.arrays import F64, I64
from sim.base.errors import InputError, nearest
from sim.engine.outcomes import COURSES, TOTALS
from sim.results import run_hash
from sim.runs import Pairs, Request
from sim.scenario import Provenance, Scenario, provenance
from sim.scenario.notation import hint, read_number
from sim.uncertainty.distribution import Distribution
from sim.uncertainty.draw_table import DrawTable
from sim.uncertainty.priors import Prior, load_priors

PRIORS = "priors"
"""The word by which users choose all priors."""
POINTS_IN_TIME = 12
"""Weeks, evenly spread, at which what has a weekly course is observed."""


@dataclass(frozen=True)
class Study:
    """One scenario, or the difference of two with the same luck, over a design.

    scenarios : by label; the second, if any, is subtracted from the first. design : over keys of the scenarios. replicates :
    of each point. seed : root of the runs' luck. weeks : of each run.

    Luck differs between the design's blocks and is the same within each block: a step of a trajectory has the same people and
    luck, and yet the indices don't depend on a handful of villages.
    """

    scenarios: Mapping[str, Scenario]
    design: Design
    replicates: int
    seed: int
    weeks: int

    @property
    def runs(self) -> int:
        """Total number of runs."""
        return int(self.design.draws.size) * self.replicates * len(self.scenarios)

    @property
    def times(self) -> tuple[int, ...]:
        """The numbers of weeks after which weekly outcomes are observed."""
        return tuple(sorted({max(1, round(self.weeks * k / POINTS_IN_TIME)) for k in range(1, POINTS_IN_TIME + 1)}))

    @property
    def observed(self) -> tuple[str, ...]:
        """What is observed of each run (see `sim.results.rows`)."""
        return (*(o.name for o in TOTALS), *(f"{name}@{week}" for name in COURSES for week in self.times))

    @cached_property
    def values(self) -> F64:
        """The values at each draw, shape (draws, keys); those of whole numbers are rounded."""
        found = self.design.points
        known = [provenance(scenario) for scenario in self.scenarios.values()]
        for k, key in enumerate(self.design.names):
            if any(key in one and one[key].shape.kind == "integer" for one in known):
                found[:, k] = np.rint(found[:, k])
        return found

    def requests(self, draws: I64) -> list[Request]:
        """Return what has to be run for these draws: a request for all scenarios that vary in the same keys.

        A row of its tables is a draw and replicate, in this order.
        """
        named: dict[tuple[str, ...], dict[str, Scenario]] = {}
        for label, scenario in self.scenarios.items():
            known = provenance(scenario)
            keys = tuple(key for key in self.design.names if key in known)
            named.setdefault(keys, {})[label] = scenario
        first = draws // self.design.block * self.replicates
        replicates = first[:, None] + np.arange(self.replicates)
        pairs = np.stack([np.repeat(draws, self.replicates), replicates.ravel()], axis=1)
        requests = []
        for keys, scenarios in named.items():
            columns = [self.design.names.index(key) for key in keys]
            table = DrawTable("design", keys, draws, np.ascontiguousarray(self.values[draws][:, columns]))
            listed = Pairs.listed(pairs, table)
            requests.append(Request(scenarios, listed, self.seed, self.weeks, table, self.observed))
        return requests

    def digest(self) -> str:
        """Return 16 hexadecimal digits for everything a draw's outcome depends on except its number and the design's size."""
        made = self.design
        parts = [run_hash(scenario, self.seed, self.weeks) for scenario in self.scenarios.values()]
        box = [f"{key}:{low!r}:{high!r}" for key, low, high in zip(made.names, made.low, made.high, strict=True)]
        parts += [*box, made.method, str(made.seed), str(made.second_order), str(self.replicates), *self.observed]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def varied(scenarios: Mapping[str, Scenario], asked: Sequence[str] = ()) -> tuple[Prior, ...]:
    """Return the values that vary, with their bounds.

    Parameters
    ----------
    scenarios : the scenarios in which they vary; a key must be a number in at least one of them.
    asked : each ``KEY=LOW:HIGH``, or ``KEY`` for the bounds of its prior, or ``priors`` for all priors (the default).

    Raises
    ------
    InputError : an unknown or repeated key, a key that isn't a number, bounds that are invalid or exceed the value's range,
        or no bounds for a key without a prior.
    """
    priors = {prior.key: prior for prior in load_priors()}
    known = {
        key: value for scenario in reversed(list(scenarios.values())) for key, value in provenance(scenario).items()
    }
    found: dict[str, Prior] = {}
    for text in asked or (PRIORS,):
        key, equals, bounds = text.partition("=")
        here = list(priors.values()) if text == PRIORS else [_one(key, bounds if equals else None, known, priors)]
        for prior in here:
            if prior.key in found:
                raise InputError(f"'{prior.key}' is listed twice", "--over")
            found[prior.key] = prior
    return tuple(found.values())


def _one(key: str, bounds: str | None, known: Mapping[str, Provenance], priors: Mapping[str, Prior]) -> Prior:
    value = known.get(key)
    if value is None:
        raise InputError(f"unknown key '{key}'{nearest(key, known)}", "--over")
    leaf = value.shape
    if not leaf.is_number:
        raise InputError(f"{key} isn't a number", "--over")
    if bounds is None:
        if key not in priors:
            raise InputError(f"{key} has no prior, so it needs bounds: {key}=LOW:HIGH", "--over")
        return priors[key]
    texts = bounds.split(":")
    ends = [read_number(text, [leaf.unit]) for text in texts]
    low, high = ends if len(ends) == 2 else (None, None)
    if low is None or high is None:
        advice = "".join(hint(text, leaf.unit) for text, end in zip(texts, ends, strict=True) if end is None)
        raise InputError(f"'{bounds}' aren't bounds such as 0:1 (of {key}){advice}", "--over")
    if not low < high or (leaf.low is not None and low < leaf.low) or (leaf.high is not None and high > leaf.high):
        most = "" if leaf.low is None or leaf.high is None else f" within {leaf.low:g} and {leaf.high:g}"
        raise InputError(f"{key} needs bounds low < high{most}, not {bounds}", "--over")
    if key in priors:
        return replace(priors[key], distribution=Distribution(low, high), evidence="asked for")
    return Prior(key, Distribution(low, high), leaf.unit, leaf.symbol, "asked for")
