"""Copies of a `MobilizationModel`, and its removal from Mesa's registries.

Mesa's objects refer to each other, so that a copy of all of them would be large, and a grid that has been used can't be
copied at all. But they are only views: a copy has the columns, the record and Mesa's generators, and rebuilds agents and
grids on first use.
"""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any

import mesa
from mesa.discrete_space import Cell

from sim.mesa_view.agents import Resident

if TYPE_CHECKING:
    from sim.mesa_view.model import MobilizationModel

MADE_ANEW = ("_residents", "_grids", "views")
"""Attributes of a model that are rebuilt from its columns."""
_COUNTERS = ("running", "steps", "time")


def state_of(model: MobilizationModel) -> dict[str, Any]:
    """Return the content of a pickle or copy of a model.

    Raises
    ------
    TypeError : it has agents other than households, which only its user could rebuild.
    """
    others = {type(agent).__name__ for agent in vars(model)["_agents"] if not isinstance(agent, Resident)}
    if others:
        raise TypeError(f"a model with agents of your own ({', '.join(sorted(others))}) can't be copied or saved")
    of_mesa = vars(model)["_of_mesa"]
    own = {name: value for name, value in vars(model).items() if name not in of_mesa and name not in MADE_ANEW}
    return {"own": own, "luck": luck_of(model)}


def luck_of(model: MobilizationModel) -> dict[str, Any]:
    """Return the state of Mesa's generators and counters, in JSON's types."""
    return {
        "random": model.random.getstate(), "rng": model.rng.bit_generator.state,
        **{name: vars(model)[name] for name in _COUNTERS if name in vars(model)},
    }  # fmt: skip


def check(model: MobilizationModel, more: Mapping[str, Any], kinds: int) -> None:
    """Check what a checkpoint holds beside the simulation, before anything changes; `kinds` is the number of agents' kinds.

    Raises ValueError, TypeError, KeyError or OverflowError if generators, counters or kinds can't be this model's.
    """
    if "luck" in more:
        luck = more["luck"]
        if not all(isinstance(luck.get(name, 0), int | float) for name in _COUNTERS):
            raise ValueError("its counters are no numbers")
        version, numbers, following = luck["random"]
        Random().setstate((version, tuple(numbers), following))
        type(model.rng.bit_generator)().state = luck["rng"]
    of_agents = more.get("kinds")
    if of_agents is not None and (
        len(of_agents) != model.simulation.state.households
        or not all(type(kind) is int and 0 <= kind < kinds for kind in of_agents)
    ):
        raise ValueError("its kinds of agents don't fit")


def set_luck(model: MobilizationModel, luck: Mapping[str, Any]) -> None:
    """Restore the state of Mesa's generators and counters from `luck_of`."""
    version, numbers, following = luck["random"]
    model.random.setstate((version, tuple(numbers), following))
    model.rng.bit_generator.state = luck["rng"]
    model.__dict__.update({name: luck[name] for name in _COUNTERS if name in luck})


def release(model: MobilizationModel, grids: Mapping[str, Any]) -> None:
    """Remove a model and its grids from the registries of Mesa's classes, so that its memory can be freed."""
    numbers: Any = getattr(mesa.Agent, "_ids", None)
    if numbers is not None:
        numbers.pop(model, None)
    for grid in grids.values():
        copyreg.dispatch_table.pop(grid.cell_klass, None)
    if grids:
        for name in ("get_neighborhood", "_neighborhood"):
            clear = getattr(getattr(Cell, name, None), "cache_clear", None)
            if clear is not None:
                clear()
