"""An intervention for tests that has any effects and gifts, so that each named value can be moved by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import SkipValidation

from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.interventions import Effect, Gift, Intervention
from sim.interventions.base import Cost, Where
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 200, "village.party_members": 16, "village.volunteers": 0}
STILL = {"household.climb_rate": 0.0, "household.slip_rate": 0.0, "household.give_probability": 0.0,
         "public.dispute_rate": 0.0, "public.worthy_gives": 0.0, "public.join_rate": 0.0}  # fmt: skip


class Told(Intervention):
    """Returns the effects and gifts that it holds."""

    kind: str = "told"
    said: SkipValidation[tuple[Effect, ...]] = ()
    given: SkipValidation[tuple[Gift, ...]] = ()
    spread: tuple[float, float, float, float] | None = None
    to: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    planned: tuple[tuple[int, int], ...] = ()

    def effects(self) -> tuple[Effect, ...]:
        return self.said

    def gifts(self) -> tuple[Gift, ...]:
        return self.given

    def spreads(self) -> tuple[float, float, float, float] | None:
        return self.spread

    def spreads_to(self, intervention: str) -> bool:
        return intervention in self.to

    def pilots(self) -> tuple[str, ...]:
        return self.first

    def waves(self) -> tuple[tuple[int, int], ...]:
        return self.planned


def told(*said: Effect, name: str = "told", where: Mapping[str, Any] | None = None, **more: Any) -> Told:
    """Return an intervention with these effects; `more` are its other fields."""
    return Told(name=name, said=said, where=Where(**(where or {})), cost=Cost(), **more)


def values(name: str = "told", **amounts: float) -> Told:
    """Return an intervention that moves these named values for whole villages, in every week."""
    return told(*(Effect(value, amount) for value, amount in amounts.items()), name=name)


def world(*interventions: Intervention, villages: Any = None, weeks: int = 60, **settings: Any) -> Scenario:
    """Return a small world in which nothing moves by itself, with these interventions; settings override, `__` for a point."""
    merged = {**SMALL, **STILL, **{key.replace("__", "."): value for key, value in settings.items()}}
    several = {} if villages is None else {"villages": villages}
    bare = load_scenario("baseline", [merged, several, {"weeks": weeks}])
    return bare.model_copy(update={"interventions": interventions})


def under(*interventions: Intervention, seed: int = 3, weeks: int = 60, **settings: Any) -> Simulation:
    """Return such a world's simulation, before its first week."""
    return Simulation(world(*interventions, weeks=weeks, **settings), seed, 0, weeks)


def lists(first: Any, places: Any) -> list[list[int]]:
    """Return the lists of a graph."""
    return [places[first[i] : first[i + 1]].tolist() for i in range(first.size - 1)]


def recounted_ties(simulation: Simulation) -> tuple[Any, Any]:
    """Return each household's ties and adopted ties, counted anew from the graphs, bonds once their village has them."""
    s = simulation.state
    adopted = s.column("rung") >= c.HELPING
    bonded = np.zeros(s.households, bool)
    for row in s.village_i64.T:
        bonded[row[c.FIRST] : row[c.STOP]] = row[c.BONDED] >= 0
    ties = lists(s.tie_first, s.tie)
    if s.bond_first.size > 1:
        ties = [mine + (more if is_bonded else []) for mine, more, is_bonded
                in zip(ties, lists(s.bond_first, s.bond), bonded, strict=True)]  # fmt: skip
    return np.array([len(mine) for mine in ties]), np.array([int(adopted[mine].sum()) for mine in ties])
