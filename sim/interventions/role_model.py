"""Role model: chosen members clear their own yard first, then speak of yards on their visits.

The chosen clear at the pace of a self-initiated household as long as the intervention is active; their neighbours see the
yard, and their word counts fully (P2). In document 000 the veteran says that he still has the strength to give more to the
village, hence `extra_time`. The intervention commits them to keep their yard clear; it doesn't change their rung. Left out:
envy, and an example set by households that aren't party members (choose another group for that).
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class RoleModel(Intervention):
    """Chosen members clear their own yard first."""

    summary: ClassVar[str] = "chosen members clear their own yard first, then speak of yards"
    chinese: ClassVar[tuple[str, ...]] = ("老党员带头", "亮身份做表率")

    kind: Literal["role_model"]
    who: Who = word(
        "the members who set the example",
        default=Who(group="member", min_years_in_party=30),
        evidence="assumption: veterans are members of 30 years or more; S18 reports one of nearly 50",
    )
    message: float = number(
        "probability that their visits speak of the yard", unit="1", low=0, high=1, default=1.0,
        evidence="assumption: they set the example in order to speak of it (S18)",
    )  # fmt: skip
    extra_time: float = number(
        "time for visits that they add, as a share of routine time", unit="1", low=0, high=20, default=0.0,
        evidence="assumption: the documents report more effort but not how much",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("example", 1.0, self.who),
            Effect("message", self.message, self.who),
            Effect("contact_time", self.extra_time, self.who),
        )
