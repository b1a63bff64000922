"""The model for the EMA Workbench: the priors are its uncertainties, and numbers of the scenario are its levers.

Needs the extra ``discovery`` (ema_workbench 2.5). Its evaluators can run it; for large designs `sim.runs` is faster and
survives interruptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.over_draws import over_draws
from sim.base.errors import InputError, nearest
from sim.engine.outcomes import MAIN, TOTALS
from sim.scenario import Scenario, load_scenario, provenance, with_values
from sim.uncertainty.priors import Prior, load_priors


@dataclass(frozen=True)
class Evaluation:
    """The function of the workbench's model; it can be pickled for its workers.

    keys : the dotted key by the workbench's name, which must be an identifier.
    """

    scenario: Scenario
    keys: Mapping[str, str]
    outcomes: tuple[str, ...]
    replicates: int
    seed: int
    weeks: int

    def __call__(self, **values: float) -> dict[str, float]:
        """Return each outcome's mean over replicates, for values by the workbench's names."""
        point = np.array([[float(values[name]) for name in self.keys]])
        means = over_draws(
            {"scenario": self.scenario}, list(self.keys.values()), point, self.outcomes, self.replicates, self.seed,
            self.weeks, jobs=1,
        )  # fmt: skip
        return dict(zip(self.outcomes, means[0, 0].tolist(), strict=True))


def ema_model(
    scenario: Scenario | str | Path,
    levers: Mapping[str, tuple[float, float]],
    outcomes: Sequence[str] = MAIN,
    *,
    priors: Sequence[Prior] | None = None,
    replicates: int = 10,
    seed: int = 0,
    weeks: int | None = None,
) -> Any:
    """Return an `ema_workbench.Model` named ``grassroots``.

    Parameters
    ----------
    scenario : a scenario, or a name or path. levers : dotted keys of its numbers, such as
        ``interventions.donation.yuan``, and the interval of each. outcomes : names of `sim.engine.outcomes.TOTALS`, each its
        mean over replicates. priors : uncertain values; those of ``scenarios/priors.yaml`` if None.
    replicates, seed : the same luck for every point. weeks : the scenario's own if None.

    In the workbench's names each dot of a key is two underscores: ``household__persuasion``.

    Raises
    ------
    InputError : the extra isn't installed, a key or outcome is unknown, an interval is empty or exceeds the value's range,
        or a value is both uncertain and a lever.
    """
    try:
        from ema_workbench import IntegerParameter, Model, RealParameter, ScalarOutcome
    except ImportError:
        raise InputError("needs the EMA Workbench: pip install 'grassroots[discovery]'", "ema_model") from None
    resolved = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    known = [outcome.name for outcome in TOTALS]
    for outcome in outcomes:
        if outcome not in known:
            raise InputError(f"unknown outcome '{outcome}'{nearest(outcome, known)}", "ema_model")
    uncertain = load_priors() if priors is None else tuple(priors)
    bounds = {prior.key: (prior.low, prior.high) for prior in uncertain}
    for key in levers:
        if key in bounds:
            raise InputError(f"'{key}' can't be both an uncertainty and a lever", "ema_model")
    parameters, known_values = {}, provenance(resolved)
    for key, (low, high) in {**bounds, **levers}.items():
        if not low < high:
            raise InputError(f"'{key}': the interval [{low:g}, {high:g}] is empty", "ema_model")
        for bound in (low, high):
            with_values(resolved, {key: bound})
        name = key.replace(".", "__")
        whole = key in known_values and known_values[key].shape.kind == "integer"
        parameters[key] = IntegerParameter(name, int(low), int(high)) if whole else RealParameter(name, low, high)
    names = {key.replace(".", "__"): key for key in (*bounds, *levers)}
    horizon = resolved.weeks if weeks is None else weeks
    model = Model("grassroots", Evaluation(resolved, names, tuple(outcomes), replicates, seed, horizon))
    model.uncertainties = [parameters[key] for key in bounds]
    model.levers = [parameters[key] for key in levers]
    model.outcomes = [ScalarOutcome(outcome) for outcome in outcomes]
    return model
