"""Public works (in public space, 公共空间): public money turns black spots and idle land into car parks, parks and murals.

The money is the town's budget and not a gift: nobody is thanked for it, it affects no yard, and it pays no reward. The cost
and duration of a work are those of the model (`public.work_yuan`, `public.work_weeks`), the same as for gifts. The money
comes in equal weekly parts until `stop`, or until the scenario's last week. Left out: upkeep, the choice of what to build,
and disputes about land.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Gift, Intervention


class PublicWorks(Intervention):
    """Spend public money on public plots."""

    summary: ClassVar[str] = "public money turns black spots and idle land into amenities"
    chinese: ClassVar[tuple[str, ...]] = ("公共空间改造",)

    kind: Literal["public_works"]
    yuan: float = number(
        "spent in each village over the active weeks, at full strength", unit="yuan", low=0, high=1e10,
        default=500_000.0,
        evidence="assumption: as a poor village's gift; S118 and S119 report several corners and a park, without a price",
    )  # fmt: skip

    def gifts(self) -> tuple[Gift, ...]:
        return (Gift("budget", self.yuan),)
