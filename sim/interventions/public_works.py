"""Public works (公共空间管理): public money turns black spots and idle land into car parks, parks and painted walls.

It is the town's budget and no gift: nobody is thanked for it, no yard is touched, and no reward is paid. What a plot
costs and how long it takes are the model's (`public.work_yuan`, `public.work_weeks`), the same as for gifts. The money
comes in equal weekly parts up to `stop`, or to the scenario's last week. Left out: upkeep, the choice of what to build,
and quarrels about land.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Gift, Intervention


class PublicWorks(Intervention):
    """Spend public money on public plots."""

    summary: ClassVar[str] = "public money turns black spots and idle land into amenities"

    kind: Literal["public_works"]
    yuan: float = number(
        "spent in each village over the active weeks, at full strength", unit="yuan", low=0, high=1e10,
        default=500_000.0,
        evidence="assumption: as a poor village's gift; S118 and S119 tell of several corners and a park, without a price",
    )  # fmt: skip

    def gifts(self) -> tuple[Gift, ...]:
        return (Gift("budget", self.yuan),)
