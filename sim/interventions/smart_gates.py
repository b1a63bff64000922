"""Smart gates: gates, door control and cameras keep strangers' rubbish away and reassure residents a little.

A part of the rubbish that would litter public plots stays out, so that plots drift towards cleanliness; everybody's trust
grows by a small share every week as long as the gates are in use. Left out: the effect of surveillance on those who dislike
it, rubbish that is left one street further on instead, and crime.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class SmartGates(Intervention):
    """Put up gates and cameras."""

    summary: ClassVar[str] = "gates and cameras keep rubbish off public plots and reassure a little"
    chinese: ClassVar[tuple[str, ...]] = ("智能闸口", "监控")

    kind: Literal["smart_gates"]
    dumping: float = number(
        "share of the rubbish that would litter public plots that they keep away", unit="1", low=0, high=1, default=0.1,
        evidence="assumption: a small part, since most comes from the village's own yards; S44 reports no effect",
    )  # fmt: skip
    reassurance: float = number(
        "share of the way to full trust that every household moves in a week", unit="1/week", low=0, high=1, default=0.0005,
        evidence="assumption: small; S44 reports no effect",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("dumping", self.dumping), Effect("reassurance", self.reassurance))
