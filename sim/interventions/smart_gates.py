"""Smart gates (智能闸口, 监控): gates, door control and cameras keep strangers' rubbish away and reassure a little.

Part of what would litter public plots stays out, so that plots drift towards cleanliness; everybody's trust grows by a
small share from week to week, for as long as the gates are watched. Left out: what surveillance does to those who
dislike it, rubbish that is merely left one street further on, and crime.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class SmartGates(Intervention):
    """Put up gates and cameras."""

    summary: ClassVar[str] = "gates and cameras keep rubbish off public plots and reassure a little"

    kind: Literal["smart_gates"]
    dumping: float = number(
        "share of what would litter public plots that they keep away", unit="1", low=0, high=1, default=0.1,
        evidence="assumption: a small part, since most comes from the village's own yards; S44 tells of no effect",
    )  # fmt: skip
    reassurance: float = number(
        "share of the way to full trust that every household moves", unit="1/week", low=0, high=1, default=0.0005,
        evidence="assumption: small; S44 tells of no effect",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("dumping", self.dumping), Effect("reassurance", self.reassurance))
