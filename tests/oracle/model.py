"""The model: a town of one or more villages under a programme of levers, week by week."""

from __future__ import annotations

import mesa
from mesa.agent import AgentSet

from oracle import callers, contact_lists, grid, people, rollout, ties
from oracle.luck import Luck
from oracle.programme import Programme
from oracle.village import Village
from sim import scenario


class Town(mesa.Model):
    """A scenario under way, as a Mesa model.

    Parameters
    ----------
    facts : the resolved scenario. seed, replicate : the run's luck; Mesa's own generator draws nothing.

    Attributes
    ----------
    villages : in the order of the scenario. week : weeks run so far. shares : each village's adopted share as the week
    begins.
    """

    def __init__(self, facts: scenario.Scenario, seed: int = 0, replicate: int = 0) -> None:
        super().__init__(rng=0)
        self.facts = facts  # not `scenario`, which is Mesa's own from 3.5 on
        self.week = 0
        self.programme = Programme(facts)
        self.shares: dict[Village, float] = {}
        self.villages = AgentSet(
            [Village(self, village, Luck(seed, replicate, village.name)) for village in facts.villages],
            random=self.random,
        )
        self.villages.do(self.settle)
        rollout.plan(self)

    def settle(self, village: Village) -> None:
        """Draw a village's people, ground, ties, lists and callers."""
        people.give_roles(village)
        people.give_traits(village)
        grid.lay_out(village)
        grid.look_around(village)
        ties.make_ties(village)
        if self.programme.bonds > 0.0:
            ties.make_bonds(village, self.programme.bonds)
        contact_lists.cut_lists(village)
        callers.find_callers(village, self.programme.choices)

    def step(self) -> None:
        """Run a week: first which villages begin, then village by village."""
        self.shares = {village: village.adopted_share for village in self.villages}
        for village in self.villages:
            village.luck.begin_week(self.week)
        rollout.spread(self, self.week)
        self.villages.do("step")
        self.week += 1
