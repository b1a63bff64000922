"""Worthy advocacy (乡贤 standing, 见贤思齐): worthies go from door to door and speak of the yard, without money.

A worthy is a kind of messenger of its own (P1), heard as far as the own yard is clean and with the weight that standing
has in the model (`household.worthy_weight`): S50 calls standing more decisive than gifts. Left out: money (see
donation), worthies who mediate in quarrels, and worthies who live elsewhere.
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class WorthyAdvocacy(Intervention):
    """Worthies call at households about the yard."""

    summary: ClassVar[str] = "worthies go from door to door and speak of the yard, without money"

    kind: Literal["worthy_advocacy"]
    who: Who = word(
        "the households that advocate", default=Who(group="worthy"),
        evidence="assumption: every worthy of the village; S132 tells of a great many and gives no number",
    )  # fmt: skip
    hours: float = number(
        "hours a week that each of them gives to calls", unit="hours/week", low=0, high=40, default=2.0,
        evidence="assumption: an evening a week, as a volunteer",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("worthy_time", self.hours, self.who),)
