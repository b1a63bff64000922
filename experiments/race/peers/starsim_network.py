"""Starsim: agents with states, neighbours as the edges of a static network, adoption as a module that steps weekly.

Neighbours are counted over the edges from agents who have adopted, in both directions, with NumPy as Starsim's own modules
do. A run needs a simulation of its own; making it counts as a restart and isn't timed. Results other than the number of
adopters are switched off.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import starsim as ss

from ..problem import Problem


class Adoption(ss.Module):
    """Who has adopted, and both thresholds."""

    def __init__(self, problem: Problem, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.problem = problem
        self.define_states(
            ss.BoolState("adopted", label="Adopted"),
            ss.FloatArr("up", label="Neighbours to adopt"),
            ss.FloatArr("down", label="Neighbours to stay"),
        )
        self.visits = [ss.uids(week) for week in problem.visits]

    def init_post(self) -> None:
        super().init_post()
        self.adopted[:] = self.problem.adopted == 1
        self.up[:] = self.problem.up
        self.down[:] = self.problem.down

    def step(self) -> None:
        edges = self.sim.networks.neighbours.edges
        adopted = self.adopted.raw
        neighbours = np.bincount(edges.p2[adopted[edges.p1]], minlength=adopted.size)
        neighbours += np.bincount(edges.p1[adopted[edges.p2]], minlength=adopted.size)
        adopted[:] = (neighbours >= self.up.raw) | (adopted & (neighbours >= self.down.raw))
        self.adopted[self.visits[self.ti]] = True


class Neighbours(ss.Network):
    """Edges that stay as they are."""

    def step(self) -> None:
        pass


class ThresholdModel:
    """The shared model."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        seen, sees = problem.pairs()
        self.once = seen < sees  # Starsim's edges go both ways
        self.p1, self.p2 = seen[self.once], sees[self.once]
        self.restart()

    def restart(self) -> None:
        network = Neighbours(p1=self.p1, p2=self.p2, beta=np.ones(self.p1.size), name="neighbours")
        self.adoption = Adoption(self.problem, name="adoption")
        self.sim = ss.Sim(
            n_agents=self.problem.households, networks=network, custom=self.adoption, start=0, dt=1.0,
            dur=len(self.problem.visits) - 1, people_results=False, verbose=0, copy_inputs=False,
        )  # fmt: skip
        self.sim.init()

    def run(self, weeks: int) -> list[int]:
        self.sim.run(until=weeks - 1)
        return [int(number) for number in self.sim.results.adoption.n_adopted[:weeks]]
