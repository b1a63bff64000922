"""mesa-frames: an `AgentSetPolars` on a `GridPolars`; the grid is asked once for neighbours, kept as a frame of pairs.

Asking the grid every week, as models with moving agents do, takes many times longer, so this favours mesa-frames.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, GridPolars, ModelDF

from ..problem import Problem


class Households(AgentSetPolars):
    """The households, one row each."""

    def __init__(self, model: ModelDF, problem: Problem) -> None:
        super().__init__(model)
        ids = np.arange(problem.households)
        self.add(
            pl.DataFrame({"unique_id": ids, "up": problem.up, "down": problem.down, "adopted": problem.adopted == 1})
        )

    def look_around(self, positions: pl.DataFrame) -> None:
        """Keep the pairs of neighbours: the household that sees, and the one seen."""
        place = ["dim_0", "dim_1"]
        centre = [f"{name}_center" for name in place]
        pairs = self.model.space.get_neighborhood(radius=1, agents=self, include_center=False)
        where = positions.select("agent_id", *place)
        pairs = pairs.join(where.rename({"agent_id": "seen"}), on=place)
        pairs = pairs.join(where.rename({"agent_id": "unique_id"}), left_on=centre, right_on=place)
        self.pairs = pairs.select("unique_id", "seen").sort("unique_id")

    def decide(self) -> None:
        adopters = self.agents.filter("adopted").select(seen="unique_id")
        seen = self.pairs.join(adopters, on="seen", how="semi").group_by("unique_id").agg(neighbours=pl.len())
        self.agents = (
            self.agents.join(seen, on="unique_id", how="left", maintain_order="left")
            .with_columns(pl.col("neighbours").fill_null(0))
            .with_columns(
                adopted=(pl.col("neighbours") >= pl.col("up"))
                | (pl.col("adopted") & (pl.col("neighbours") >= pl.col("down")))
            )
            .drop("neighbours")
        )

    def step(self, visited: pl.Series) -> None:
        self.decide()
        self.receive_visits(visited)

    def receive_visits(self, visited: pl.Series) -> None:
        self.agents = self.agents.with_columns(adopted=pl.col("adopted") | pl.col("unique_id").is_in(visited.implode()))


class ThresholdModel(ModelDF):
    """The shared model."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(seed=0)
        self.households = Households(self, problem)
        self.agents += self.households
        self.households = self.get_agents_of_type(Households)
        self.space = GridPolars(self, [problem.rows, problem.columns], neighborhood_type="moore", capacity=1)
        row, column = np.divmod(np.arange(problem.households), problem.columns)
        self.space.place_agents(self.households, pl.DataFrame({"dim_0": row, "dim_1": column}))
        self.households.look_around(self.space.agents)
        self.visits = [pl.Series(week) for week in problem.visits.astype(np.int64)]
        self.at_start = self.households.agents
        self.week = 0

    def restart(self) -> None:
        self.week = 0
        self.households.agents = self.at_start

    def step(self) -> None:
        self.households.step(self.visits[self.week])
        self.week += 1

    def run(self, weeks: int) -> list[int]:
        adopters = []
        for _ in range(weeks):
            self.step()
            adopters.append(int(self.households.agents["adopted"].sum()))
        return adopters
