"""Points: households earn points for a clean yard, and members for their work.

A yard earns its reward, on the scale of a fresh award, as long as it is clean; members whose work earns points tire more
slowly. The documents report points for members in one village (S73) and for households in none, so the size of the latter
is an assumption. Left out: what points buy, ledgers, and motives that points crowd out.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class Points(Intervention):
    """Count points for clean yards and for members' work."""

    summary: ClassVar[str] = "points reward clean yards and keep members going"
    chinese: ClassVar[tuple[str, ...]] = ("量化积分",)

    kind: Literal["points"]
    yards: float = number(
        "reward for a clean yard, relative to a fresh award", unit="1", low=0, high=10, default=0.5,
        evidence="assumption: no document gives points to households",
    )  # fmt: skip
    members: float = number(
        "share of organisers' fatigue that points for members take away", unit="1", low=0, high=1, default=0.3,
        evidence="assumption: S73 reports members' points without an effect",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("points", self.yards),
            Effect("member_points", self.members),
        )
