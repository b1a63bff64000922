"""The arguments of a `MobilizationModel`: its seed under Mesa's two names, and its scenario with overrides."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import mesa

from sim.base.errors import InputError
from sim.base.whole import REPLICATES, SEEDS, whole
from sim.scenario import Scenario, load_scenario, with_values
from sim.scenario.overrides import Override


def signature_of(model: Any) -> inspect.Signature:
    """Return the signature of a model's class, without ``seed`` if it also takes ``rng``.

    From 3.5 on, `mesa.batch_run` checks whether the class takes a seed, and if so replaces the one in ``parameters`` by its
    own. If the signature has no seed, it passes `rng`, and ``parameters={"seed": [1, 2]}`` works as in 3.3.
    """
    parameters = list(inspect.signature(model.__init__).parameters.values())[1:]
    takes_rng = any(p.name == "rng" or p.kind is p.VAR_KEYWORD for p in parameters)
    return inspect.Signature([p for p in parameters if p.name != "seed" or not takes_rng])


def seed_of(seed: int | None, rng: int | None) -> int:
    """Return the seed, given by either of Mesa's two names for it."""
    if seed is not None and rng is not None and seed != rng:
        raise ValueError(f"seed is {seed} and rng is {rng}; both name the seed, so give only one")
    given = rng if seed is None else seed
    return 0 if given is None else whole("seed", given, 0, SEEDS)


def replicate_of(replicate: int | None, rng: Any) -> int:
    """Return the replicate: if none is given, the iteration of `mesa.batch_run` that makes the model, or 0 outside of it.

    Mesa passes a model no trace of the iteration, but its function has a variable of this name. From 3.5 on,
    ``batch_run(rng=[1, 2])`` has an iteration for each seed, so that each is the first run of its seed.

    Raises
    ------
    InputError : a version of Mesa without that variable.
    """
    if replicate is not None:
        return whole("replicate", replicate, 0, REPLICATES)
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") != "mesa.batchrunner":
        frame = frame.f_back
    if frame is None or (rng is not None and "rng" in inspect.signature(mesa.batch_run).parameters):
        return 0
    if "iteration" not in frame.f_locals:
        raise InputError("this version of Mesa hides the iteration; pass parameters={'replicate': range(4)} instead")
    return int(frame.f_locals["iteration"])


def resolved(scenario: str | Path | Scenario, overrides: Sequence[Override] | Override, values: Any) -> Scenario:
    """Return the scenario with overrides and single values applied."""
    chosen = [overrides] if isinstance(overrides, str | Mapping) else [*overrides]
    if values:
        chosen.append(values)
    if not isinstance(scenario, Scenario):
        return load_scenario(scenario, chosen)
    for override in chosen:
        if isinstance(override, str):
            raise InputError(f"override '{override}' is defined in a scenario's file: pass that file's name or path")
        scenario = with_values(scenario, override)
    return scenario
