"""Volunteer team (党员+社工+义工, 志愿服务队): households that give hours a week to help and to speak of the yard.

The recruited call at households in turn from their own door on, offer hands to whoever clears, spend part of their time
on public plots, and are a further kind of messenger (P1). Left out: training, and recruitment that spreads by itself.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class VolunteerTeam(Intervention):
    """Recruit households into a team that helps and persuades."""

    summary: ClassVar[str] = "volunteers offer hands and are a further kind of messenger"

    kind: Literal["volunteer_team"]
    who: Who = word(
        "the households recruited", default=Who(group="local", count=30),
        evidence="assumption: the documents give no size of a team",
    )  # fmt: skip
    hours: float = number(
        "hours a week that each of them gives", unit="hours/week", low=0, high=40, default=2.0,
        evidence="assumption: an evening a week",
    )  # fmt: skip
    message: float = number(
        "probability that a call speaks of the yard", unit="1", low=0, high=1, default=1.0,
        evidence="assumption: the team is formed for the clean-up (document 000)",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("volunteer_time", self.hours, self.who),
            Effect("volunteer_message", self.message, self.who),
        )
