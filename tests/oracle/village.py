"""A village and its week, phase by phase."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mesa import Agent
from mesa.agent import AgentSet
from mesa.discrete_space import OrthogonalMooreGrid

from oracle import (
    belonging,
    contractors,
    decision,
    deliberation,
    disputes,
    example,
    giving,
    housework,
    observation,
    organisers,
    talk,
    visits,
    volunteering,
    works,
)
from oracle.contact_lists import ContactList
from oracle.household import Household
from oracle.levers import USES
from oracle.luck import Luck
from oracle.programme import Now
from oracle.public_plot import PublicPlot
from sim import scenario

if TYPE_CHECKING:
    from oracle.model import Town


class Village(Agent):
    """A settlement: its households on a grid, public plots, lists, callers, funds, and what it has come to."""

    def __init__(self, model: Town, facts: scenario.Village, luck: Luck) -> None:
        super().__init__(model)
        self.name = facts.name
        self.facts = facts
        self.rule = model.facts.household
        self.public = model.facts.public
        self.luck = luck
        self.households_by_number = [Household(self, number) for number in range(facts.households)]
        self.households = AgentSet(self.households_by_number, random=model.random)
        self.grid: OrthogonalMooreGrid
        self.rows = self.columns = 0
        self.public_plots: list[PublicPlot] = []
        self.lists: list[ContactList] = []
        self.list_of: dict[Household, ContactList] = {}
        self.callers = AgentSet([], random=model.random)
        self._set_routine()
        self._begin()

    def _set_routine(self) -> None:
        """Work out the routine of visits, in whole seconds: of a visit, and of a member in a week."""
        contact = self.facts.contact
        visits_a_week = contact.contacts_per_member_year / contact.period_weeks / contact.persons_per_visit
        self.visit_seconds = round(60 * contact.minutes_per_visit)
        self.routine_seconds = round(visits_a_week * self.visit_seconds)

    def _begin(self) -> None:
        """Set what changes to what it is at the start."""
        self.now = Now()
        self.tally: Counter[str] = Counter()
        self.sums: dict[str, float] = {}
        self.cells: Counter[tuple[bool, bool, int, bool]] = Counter()
        self.fund = dict.fromkeys(USES, 0)
        self.recognised = self.praise = self.plaques = self.contractor_hours = 0.0
        self.effort = self.attention = self.burden = 1.0
        self.credit = {"small": 0.0, "large": 0.0}
        self.next_for_hands = self.next_for_contractors = self.next_plot = self.next_dispute = 0
        self.seconds_for_plots = 0
        self.next_for_award: int | None = None
        self.started: int | None = None
        self.bonded: int | None = None
        self.chartered: int | None = None
        self.agreed: int | None = None
        self.planned: int | None = None
        self.may_begin = False
        self.plan_burden: float | None = None
        self.consented = 0
        self.visits_so_far = 0

    @property
    def adopted_share(self) -> float:
        """Return the share of households that have adopted."""
        return sum(household.adopted for household in self.households_by_number) / len(self.households_by_number)

    @property
    def free_share(self) -> float:
        """Return the share of callers' hours that other tasks leave."""
        return max(0.0, 1.0 - self.now.village("other_tasks"))

    def set_terms(self) -> None:
        """Work out what is the same in all households' scores this week, logit.

        giving_term : recognised giving. neighbours_weight : of clean yards in sight, greater once a charter holds.
        points_reward : of points, for a clean yard.
        """
        rule, now = self.rule, self.now
        self.giving_term = rule.giving * (self.recognised / (self.recognised + self.public.recognition_half))
        charter = now.village("charter_weight") if self.chartered is not None else 0.0
        self.neighbours_weight = rule.neighbours + charter
        self.points_reward = rule.awards * max(0.0, now.village("points"))

    def receive(self, use: str, fen: int) -> None:
        """Take money for a use."""
        self.fund[use] += fen
        self.tally[f"given_{use}"] += fen

    def spend(self, use: str, fen: int) -> None:
        """Spend money of a use."""
        self.fund[use] -= fen
        self.tally[f"spent_{use}"] += fen

    def step(self) -> None:
        """Live through a week, phase by phase."""
        week = self.model.week
        self.consented = self.tally["consenting"]
        self.tally = Counter()
        self.seconds_for_plots = 0
        self.model.programme.set_week(self, week)
        organisers.move_effort(self)
        example.set_example(self)
        belonging.belong(self, week)
        visits.visit_households(self, week)
        talk.talk(self, week)
        volunteering.join_and_leave(self)
        self.callers.do("spend_week", week)
        works.clean_public_plots(self)
        giving.give(self, week)
        giving.offer_paid_hands(self)
        giving.award(self)
        contractors.contract(self)
        works.start_works(self)
        works.change_public_plots(self)
        disputes.dispute(self, week)
        deliberation.deliberate(self, week)
        self.set_terms()
        self.households.do(decision.decide)
        self.households.do(decision.take_step)
        self.households.do(housework.work)
        observation.observe(self)
        self.households.do("forget")
