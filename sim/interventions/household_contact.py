"""Household contact: members' visits to the households on their lists turn to the yard, and may become more frequent.

Routine visits take place in every village (S02, S03) but are about other business. This intervention makes them carry the
message, gives them more time, and can let members visit the least willing households of their list first. One contact a day,
as by a cadre in Dabu, is 3 to 4 times an average member's contacts in Xiqiao (S23); nobody reports that members came more
often. Left out: training of messengers, coaching by an outside cadre, and refusals at the door (the recorded figures count
entries).
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class HouseholdContact(Intervention):
    """Members visit the households on their lists about the yard."""

    summary: ClassVar[str] = "members' visits by list speak of the yard and become more frequent"
    chinese: ClassVar[tuple[str, ...]] = ("户联系",)

    kind: Literal["household_contact"]
    who: Who = word("the members who take part", default=Who(group="member"), evidence="assumption: every member")
    time_factor: float = number(
        "time for visits as a multiple of routine time", unit="1", low=0, high=20, default=1.0,
        evidence="assumption: routine time; one contact a day is S23.intensity_low to S23.intensity_high times it",
    )  # fmt: skip
    message: float = number(
        "probability that a visit speaks of the yard", unit="1", low=0, high=1, default=1.0,
        evidence="assumption: the campaign is the purpose of the visit",
    )  # fmt: skip
    unwilling_first: float = number(
        "share of members who visit the least willing first; the others follow their list in order", unit="1",
        low=0, high=1, default=0.0, evidence="assumption: in the list's order (S04)",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("contact_time", self.time_factor - 1.0, self.who),
            Effect("message", self.message, self.who),
            Effect("unwilling_first", self.unwilling_first, self.who),
        )
