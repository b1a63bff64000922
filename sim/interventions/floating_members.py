"""Floating Party members: organisers find members whose branch is elsewhere and give them a branch and a list to help with.

Xiqiao's committee for small firms counts 126 members: 8 on its rolls, 118 floating (S12, S65, S66). Each helps a member in
charge with the same list, half a round ahead, and speaks of the yard. A village has as many of them as its
`floating_members` says; in a village without any, the intervention finds nobody. Left out: the search itself, firms as
sponsors, and members who move on.
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class FloatingMembers(Intervention):
    """Find party members whose branch is elsewhere and let them help with lists."""

    summary: ClassVar[str] = "party members whose branch is elsewhere are found and help with lists"
    chinese: ClassVar[tuple[str, ...]] = ("流动党员",)

    kind: Literal["floating_members"]
    who: Who = word(
        "the floating members who are found and take part", default=Who(group="floating_member"),
        evidence="assumption: all of them; S66 counts those found but not those missed",
    )  # fmt: skip
    time: float = number(
        "time for visits that each gives, relative to a member's routine time", unit="1", low=0, high=20, default=0.5,
        evidence="assumption: half, as they have a shop or a job",
    )  # fmt: skip
    message: float = number(
        "probability that their visits speak of the yard", unit="1", low=0, high=1, default=1.0,
        evidence="assumption: they are recruited for the campaign",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("list_time", self.time, self.who),
            Effect("message", self.message, self.who),
        )
