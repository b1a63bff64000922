"""AgentPy: a `Grid` with an agent on each position, an `AgentList` that decides and then advances."""

from __future__ import annotations

import agentpy

from ..problem import Problem


class Household(agentpy.Agent):
    """A household with its two thresholds."""

    def setup(self) -> None:
        self.adopted = False
        self.next_adopted = False

    def decide(self) -> None:
        adopters = sum(neighbour.adopted for neighbour in self.model.grid.neighbors(self))
        self.next_adopted = adopters >= (self.down if self.adopted else self.up)

    def advance(self) -> None:
        if self.next_adopted != self.adopted:
            self.adopted = self.next_adopted
            self.model.adopters += 1 if self.adopted else -1

    def receive_visit(self) -> None:
        if not self.adopted:
            self.adopted = True
            self.model.adopters += 1


class Village(agentpy.Model):
    """The shared model as AgentPy has it."""

    def setup(self) -> None:
        problem = self.p.problem
        self.households = agentpy.AgentList(self, problem.households, Household)
        self.households.up = agentpy.AttrIter(problem.up.tolist())
        self.households.down = agentpy.AttrIter(problem.down.tolist())
        self.grid = agentpy.Grid(self, (problem.rows, problem.columns), check_border=False)
        self.grid.add_agents(self.households)
        self.adopters = 0

    def step(self) -> None:
        self.households.decide()
        self.households.advance()
        for i in self.p.visits[self.t - 1]:
            self.households[i].receive_visit()


class ThresholdModel:
    """The shared model."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.village = Village({"problem": problem, "visits": problem.visits.tolist()})
        self.village.sim_setup(steps=len(problem.visits), seed=0)
        self.restart()

    def restart(self) -> None:
        self.village.t = 0
        self.village.adopters = int(self.problem.adopted.sum())
        self.village.households.adopted = agentpy.AttrIter(self.problem.adopted.astype(bool).tolist())

    def run(self, weeks: int) -> list[int]:
        adopters = []
        for _ in range(weeks):
            self.village.sim_step()
            adopters.append(self.village.adopters)
        return adopters
