"""Mesa in the style of its own examples: `OrthogonalMooreGrid`, a `FixedAgent` on each cell, `AgentSet.do` in two stages.

Modelled on Mesa's Game of Life (`mesa.examples.basic.conways_game_of_life`), which is synchronous too. Adopters are
counted as they change, as in Mesa's Schelling model, not by a `DataCollector`, which would only cost time.
"""

from __future__ import annotations

from collections.abc import Iterable

from mesa import Model
from mesa.discrete_space import Cell, FixedAgent, OrthogonalMooreGrid

from ..problem import Problem


class Household(FixedAgent):
    """A household with its two thresholds."""

    def __init__(self, model: ThresholdModel, cell: Cell, up: int, down: int) -> None:
        super().__init__(model)
        self.cell = cell
        self.up = up
        self.down = down
        self.adopted = False
        self.next_adopted = False

    @property
    def neighbours(self) -> Iterable[Household]:
        return self.cell.neighborhood.agents

    def decide(self) -> None:
        adopters = sum(neighbour.adopted for neighbour in self.neighbours)
        self.next_adopted = adopters >= (self.down if self.adopted else self.up)

    def advance(self) -> None:
        if self.next_adopted != self.adopted:
            self.adopted = self.next_adopted
            self.model.adopters += 1 if self.adopted else -1

    def receive_visit(self) -> None:
        if not self.adopted:
            self.adopted = True
            self.model.adopters += 1


class ThresholdModel(Model):
    """The shared model."""

    household: type[Household] = Household

    def __init__(self, problem: Problem) -> None:
        super().__init__(rng=0)
        self.problem = problem
        self.grid = OrthogonalMooreGrid((problem.rows, problem.columns), torus=False, capacity=1, random=self.random)
        self.households = [
            self.household(self, self.grid[divmod(i, problem.columns)], up, down)
            for i, (up, down) in enumerate(zip(problem.up.tolist(), problem.down.tolist(), strict=True))
        ]
        self.visits = problem.visits.tolist()
        self.restart()

    def restart(self) -> None:
        self.week = 0
        self.adopters = int(self.problem.adopted.sum())
        for household, adopted in zip(self.households, self.problem.adopted.tolist(), strict=True):
            household.adopted = bool(adopted)

    def step(self) -> None:
        self.agents.do("decide")
        self.agents.do("advance")
        for i in self.visits[self.week]:
            self.households[i].receive_visit()
        self.week += 1

    def run(self, weeks: int) -> list[int]:
        adopters = []
        for _ in range(weeks):
            self.step()
            adopters.append(self.adopters)
        return adopters
