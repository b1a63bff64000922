"""Linkage in a compound (小区党支部、议事协调组织、物业联动): Party branch, owners' group and property company act together.

The property company clears shared space, the owners' group settles small disputes, and the stairwell Party groups of the
branch (楼道党小组) carry the message on their routine visits, list by list (S124). Left out: fees and arrears, the election
of owners' committees, and larger disputes between owners and company (S72).
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class CompoundLinkage(Intervention):
    """Link the branch of a compound with its owners' group and its property company."""

    summary: ClassVar[str] = "a compound's branch, owners' group and property company act together"
    chinese: ClassVar[tuple[str, ...]] = ("小区组织联动", "物业联动")

    kind: Literal["compound_linkage"]
    who: Who = word(
        "the members of stairwell groups", default=Who(group="member"), evidence="assumption: every member is in one"
    )
    message: float = number(
        "probability that their visits speak of the yard", unit="1", low=0, high=1, default=0.5,
        evidence="assumption: stairwell groups have other business as well; no figure",
    )  # fmt: skip
    property_hours: float = number(
        "hours a week in which the property company clears public plots", unit="hours/week", low=0, high=1e5,
        default=40.0, evidence="assumption: one full-time cleaner",
    )  # fmt: skip
    owners_capacity: float = number(
        "small disputes that the owners' group settles in a week", unit="disputes/week", low=0, high=1000, default=1.0,
        evidence="assumption: as many as the committee; S84 mentions owners' groups without a number",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("message", self.message, self.who),
            Effect("plot_time", self.property_hours),
            Effect("small_capacity", self.owners_capacity),
        )
