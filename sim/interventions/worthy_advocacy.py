"""Worthy advocacy: local worthies (乡贤) go from door to door and speak of the yard, without money.

Worthies are a separate kind of messenger (P1). As for others, their word counts for less if their own yard is cluttered; the
weight of their standing is `household.worthy_weight`, because S50 calls standing more decisive than gifts. Left out: money
(see donation), worthies who mediate in disputes, and worthies who live elsewhere.
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class WorthyAdvocacy(Intervention):
    """Worthies call at households about the yard."""

    summary: ClassVar[str] = "worthies go from door to door and speak of the yard, without money"
    chinese: ClassVar[tuple[str, ...]] = ("乡贤劝说", "见贤思齐")

    kind: Literal["worthy_advocacy"]
    who: Who = word(
        "the households that advocate", default=Who(group="worthy"),
        evidence="assumption: every worthy of the village; S132 reports a great many but gives no number",
    )  # fmt: skip
    hours: float = number(
        "hours a week that each of them gives to calls", unit="hours/week", low=0, high=40, default=2.0,
        evidence="assumption: an evening a week, as a volunteer",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("worthy_time", self.hours, self.who),)
