"""Mobilisation meeting: one dated meeting that raises organisers' effort in every village that it reaches.

The meeting takes place in the intervention's first week and adds effort, even above the routine level; the added effort
decays as all effort does. Without a campaign that speaks of yards, effort has no effect. The documents give the dates of such
meetings (S33, S45, S98) but no effects. Left out: speeches, ranks, and what residents hear of it.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import ONCE, Effect, Intervention


class MobilisationMeeting(Intervention):
    """Hold one meeting that raises organisers' effort."""

    summary: ClassVar[str] = "one meeting raises organisers' effort in all villages at once"
    chinese: ClassVar[tuple[str, ...]] = ("动员会",)

    kind: Literal["mobilisation_meeting"]
    effort: float = number(
        "effort that the meeting adds; 1 is full routine", unit="1", low=0, high=2, default=0.5,
        evidence="assumption: no document gives an effect",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("meeting", self.effort, None, ONCE),)
