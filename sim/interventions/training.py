"""Training: members learn at the Party school how to speak with households.

What a trained member says on a visit about the yard counts for more. Seats are few: the town's school has 280 for 4,000
members, so it takes 14 courses to train all of them (S10). Training doesn't make more visits speak of the yard; if visits are
about other business, it changes nothing. Left out: forgetting, training of volunteers and cadres (S88), and hours away from
the list, which can be stated as a cost.
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class Training(Intervention):
    """Train members to speak with households."""

    summary: ClassVar[str] = "trained members' visits about the yard count for more"
    chinese: ClassVar[tuple[str, ...]] = ("党校培训", "党校", "头雁")

    kind: Literal["training"]
    who: Who = word(
        "the members who get a seat", default=Who(group="member", count=9),
        evidence="assumption: one course of the school (S10.teaching_seats) divided among 32 villages (S08.villages)",
    )  # fmt: skip
    skill: float = number(
        "share added to the effect of their visits", unit="1", low=0, high=10, default=0.25,
        evidence="assumption: as much as fifty years of standing add; no document reports an effect",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("skill", self.skill, self.who),)
