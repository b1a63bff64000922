"""Service station (a Party-residents service centre) in the middle of the village.

Each week, households within some plots of the middle move a share of the way to full trust and attachment; it affects others
only through their neighbours. `where` sets which villages have a station (34 % of the villages at first, S63, and with those
being built 26 of 32, S64). Left out: its services, opening hours, and households that don't use it.
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class ServiceStation(Intervention):
    """Open a station in the middle of the village."""

    summary: ClassVar[str] = "a station in the middle of the village builds trust and attachment nearby"
    chinese: ClassVar[tuple[str, ...]] = ("服务站", "红房子", "党群服务中心")

    kind: Literal["service_station"]
    who: Who = word(
        "the households that it reaches", default=Who(within=10),
        evidence="assumption: 200 m at 20 m a plot; S07 counts a whole community's residents but gives no distance",
    )  # fmt: skip
    reassurance: float = number(
        "share of the way to full trust that each of them moves in a week", unit="1/week", low=0, high=1, default=0.005,
        evidence="assumption: a tenth in half a year; no document reports an effect",
    )  # fmt: skip
    belonging: float = number(
        "share of the way to full attachment that each of them moves in a week", unit="1/week", low=0, high=1,
        default=0.005, evidence="assumption: as trust; no document reports an effect",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("reassurance", self.reassurance, self.who),
            Effect("belonging", self.belonging, self.who),
        )
