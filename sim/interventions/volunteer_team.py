"""Volunteer team (党员+社工+义工): households that give hours a week to help and to speak of the yard.

Volunteers call at households in turn, beginning next door, help those who are clearing, spend part of their time on public
plots, and are a further kind of messenger (P1). Social workers from outside may work with them in the same way, and a team
may attract others: willing households that act of their own accord join sooner. Left out: training, and friends who join
together.
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Outsiders, Who


class VolunteerTeam(Intervention):
    """Recruit households into a team that helps and persuades."""

    summary: ClassVar[str] = "volunteers help with yards and are a further kind of messenger"
    chinese: ClassVar[tuple[str, ...]] = ("志愿服务队",)

    kind: Literal["volunteer_team"]
    who: Who = word(
        "the households recruited", default=Who(group="local", count=30),
        evidence="assumption: the documents don't give the size of a team",
    )  # fmt: skip
    hours: float = number(
        "hours a week that each of them gives", unit="hours/week", low=0, high=40, default=2.0,
        evidence="assumption: an evening a week",
    )  # fmt: skip
    message: float = number(
        "probability that a call speaks of the yard", unit="1", low=0, high=1, default=1.0,
        evidence="assumption: the team is formed for the clean-up (document 000)",
    )  # fmt: skip
    social_workers: int = number(
        "social workers from outside who work with the team in each village", unit="persons", low=0, high=1000,
        default=0, evidence="assumption: none; S61 names social workers with members and volunteers, without numbers",
    )  # fmt: skip
    social_worker_hours: float = number(
        "hours a week that each social worker gives", unit="hours/week", low=0, high=40, default=8.0,
        evidence="assumption: a day a week in each village",
    )  # fmt: skip
    recruitment: float = number(
        "pace at which the willing join the volunteers, as a multiple of the routine pace", unit="1", low=0, high=100,
        default=1.0, evidence="assumption: the routine pace; P14 gives a direction",
    )  # fmt: skip

    representative_hours: float = number(
        "hours a week in which each villagers' or women's representative calls about the yard", unit="hours/week", low=0,
        high=40, default=0.0, evidence="assumption: a team without them; S38 names them as kinds of messenger",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        workers = Outsiders(self.social_workers)
        outside = (
            Effect("volunteer_time", self.social_worker_hours, workers),
            Effect("volunteer_message", self.message, workers),
        )
        return (
            Effect("volunteer_time", self.hours, self.who),
            Effect("volunteer_message", self.message, self.who),
            *(outside if self.social_workers else ()),
            Effect("recruitment", self.recruitment - 1.0),
            Effect("representative_time", self.representative_hours, Who(group="representative")),
        )
