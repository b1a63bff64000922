"""Mobilisation meeting (现场会, 万人大会): one dated meeting that lifts organisers' effort in every village it reaches.

The meeting falls in the intervention's first week and adds effort, beyond the routine's if need be; what it added wears away
as all effort does. Without a campaign that speaks of yards the effort has nothing to drive. Such meetings are told of by date
(S33, S45, S98) and never with an effect. Left out: speeches, ranks, and what residents hear of it.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import ONCE, Effect, Intervention


class MobilisationMeeting(Intervention):
    """Hold one meeting that lifts organisers' effort."""

    summary: ClassVar[str] = "one meeting lifts organisers' effort in all villages at once"

    kind: Literal["mobilisation_meeting"]
    effort: float = number(
        "effort that the meeting adds; 1 is full routine", unit="1", low=0, high=2, default=0.5,
        evidence="assumption: no document gives an effect",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("meeting", self.effort, None, ONCE),)
