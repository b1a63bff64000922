"""The agent: a household, what it is, what it holds, sees and remembers, and what a contact about the yard does to it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from mesa.discrete_space import FixedAgent

if TYPE_CHECKING:
    from oracle.public_plot import PublicPlot
    from oracle.village import Village

HALF_YEAR = 26
"""Weeks within which a second contact by the same kind of messenger counts less (P1)."""


class Rung(IntEnum):
    """The ladder of taking part (P5); the two upper rungs are called adopted."""

    WATCHING = 0
    PUSHED = 1
    HELPING = 2
    INITIATED = 3


class Household(FixedAgent):
    """A household, standing for the person who decides; it lives on one cell of its village's grid.

    Its roles may overlap. `standing` volunteers are volunteers by the scenario; who is `volunteering` is one this week.
    """

    def __init__(self, village: Village, number: int) -> None:
        super().__init__(village.model)
        self.village = village
        self.rule = village.rule
        self.number = number
        # Roles, drawn when the world is built (`oracle.people`).
        self.newcomer = self.member = self.worthy = self.standing = False
        self.floating = self.youth = self.representative = self.volunteering = False
        self.party_years = 0
        self.choices: set[int] = set()
        # Place and company (`oracle.grid`, `oracle.ties`).
        self.in_sight: list[Household] = []
        self.from_the_middle = 0
        self.public_plot: PublicPlot
        self.ties: list[Household] = []
        self.bonds: list[Household] = []
        # What changes.
        self.rung = self.next_rung = Rung.WATCHING
        self.predisposition = self.trust = self.attachment = self.clutter = 0.0
        self.persuasion = self.habit = self.passivity = self.award = 0.0
        self.exemplar = self.clean = False
        self.volunteers_offers = self.paid_offers = 0
        self.last_visit: int | None = None
        self.last_contact: dict[str, int] = {}
        self.reached = False
        self.tipped_by = "predisposition"

    @property
    def in_the_party(self) -> bool:
        """Whether it is a party member's, with a branch and a list or without."""
        return self.member or self.floating

    @property
    def adopted(self) -> bool:
        """Whether it stands on one of the two upper rungs."""
        return self.rung >= Rung.HELPING

    def show_yard(self) -> None:
        """Let passers-by see the yard as it is now; they see it so until the next housework."""
        self.clean = self.clutter <= self.rule.clean_below

    def kin(self) -> list[Household]:
        """Return kin and chat groups, and whom the association brought once there is one; a household may be both."""
        return self.ties + self.bonds if self.village.bonded is not None else self.ties

    def hear(
        self, kind: str, weight: float, party_years: int, clean_yard: bool, week: int, then_judge: bool = False
    ) -> None:
        """Let a messenger speak of the yard.

        kind, weight : of messenger, and what its word weighs. party_years, clean_yard : the messenger's own. then_judge :
        whether trust follows, after the words were heard with the trust that there was before.
        """
        rule = self.rule
        authority = 1.0 + rule.authority * party_years / 10.0
        example = 1.0 if clean_yard else 1.0 - rule.own_yard
        came = self.last_contact.get(kind)
        fresh = rule.repeat if came is not None and week - came <= HALF_YEAR else 1.0
        gain = rule.persuasion * weight * authority * example * (0.5 + self.trust) * fresh
        self.persuasion = min(rule.persuasion_cap, self.persuasion + gain)
        self.last_contact[kind] = week
        if then_judge:
            self.judge(clean_yard)

    def judge(self, clean_yard: bool) -> None:
        """Let trust follow a visit: towards 1 if the visitor's own yard is clean, else towards 0 (P10)."""
        step = self.rule.trust_step * self.attachment
        self.trust = self.trust + step * (1.0 - self.trust) if clean_yard else self.trust - step * self.trust

    def see_promise_kept(self, gain: float) -> None:
        """Let trust move a share of the way to 1, at a pace scaled by attachment."""
        self.trust += gain * self.attachment * (1.0 - self.trust)

    def forget(self) -> None:
        """Let a week pass over the stock of persuasion."""
        self.persuasion *= self.rule.persuasion_retention
