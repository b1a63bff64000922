"""Roll-out: interventions of this scenario begin village by village, by plan or by copying.

Named pilots begin first; others follow in planned waves, drawn by village. A village that hasn't begun may also copy, once
those that have are far enough ahead of it (P6, P7). An intervention that is rolled out counts its weeks from the village's
own beginning. Organisers support a new village for some weeks; if there are many new villages, they share their attention,
which scales the effects of the interventions there. The roll-out itself changes no named value, so it has no ramp, no stop
and no strength between 0 and 1; at strength 0 its interventions begin everywhere at once. Left out: distance between
villages, partial copies, and villages that drop out.
"""

from itertools import pairwise
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from sim.base.fields import number, word
from sim.interventions.base import Intervention


class Rollout(Intervention):
    """Spread other interventions from pilot villages to the rest."""

    summary: ClassVar[str] = "other interventions begin in pilot villages and spread by waves and copying"
    chinese: ClassVar[tuple[str, ...]] = ("试点推广", "试点", "推广")

    kind: Literal["rollout"]
    interventions: tuple[str, ...] = word("names of the scenario's interventions that it spreads")
    pilot_villages: tuple[str, ...] = word(
        "names of villages that begin before all others", default=(), evidence="assumption: pilots are drawn by village"
    )
    first: int = number(
        "villages that begin with the roll-out's start, named ones included", unit="villages", low=0, high=100_000,
        default=1, evidence="assumption: one pilot; S24 had 8",
    )  # fmt: skip
    wave_weeks: tuple[int, ...] = word(
        "weeks after the start in which waves of further villages begin", default=(),
        evidence="assumption: no document gives waves",
    )  # fmt: skip
    wave_sizes: tuple[int, ...] = word(
        "number of villages that begin in each of these weeks",
        default=(),
        evidence="assumption: no document gives waves",
    )
    copying: float = number(
        "weekly probability that a village copies, per unit of the lead in adopted share of the villages that have begun",
        unit="1/week", low=0, high=1, default=0.0, evidence="assumption: by plan alone",
    )  # fmt: skip
    lead: float = number(
        "lead in adopted share above which a village may copy; greater for villages that wait and see (S102)",
        unit="1", low=0, high=1, default=0.0, evidence="assumption: any lead convinces",
    )  # fmt: skip
    attention: int = number(
        "new villages that organisers can support at once; 0 for any number", unit="villages", low=0, high=100_000,
        default=0, evidence="assumption: no limit",
    )  # fmt: skip
    support: int = number(
        "weeks for which a new village needs their support", unit="weeks", low=0, high=5200, default=0,
        evidence="assumption: none",
    )  # fmt: skip

    @model_validator(mode="after")
    def _makes_a_plan(self) -> Self:
        if not self.interventions:
            raise ValueError("interventions is empty; name the interventions to roll out")
        if len(self.wave_weeks) != len(self.wave_sizes):
            raise ValueError(f"wave_weeks has {len(self.wave_weeks)} items, wave_sizes {len(self.wave_sizes)}")
        if any(later <= earlier for earlier, later in pairwise((0, *self.wave_weeks))):
            raise ValueError("wave_weeks must increase, beginning with 1 or more")
        if any(size < 0 for size in self.wave_sizes):
            raise ValueError("wave_sizes can't be below 0")
        if self.pilot_villages and self.where.share < 1:
            raise ValueError("where.share draws villages at random, so it can't be combined with pilot_villages")
        if self.stop is not None or self.ramp > 1:
            raise ValueError("a roll-out has no stop and no ramp; set them for the interventions that it spreads")
        if 0 < self.strength < 1:
            raise ValueError(f"strength ({self.strength:g}) must be 0 or 1 for a roll-out")
        return self

    def spreads(self) -> tuple[float, float, float, float] | None:
        return self.copying, self.lead, float(self.attention), float(self.support)

    def spreads_to(self, intervention: str) -> bool:
        return intervention in self.interventions

    def pilots(self) -> tuple[str, ...]:
        return self.pilot_villages

    def waves(self) -> tuple[tuple[int, int], ...]:
        later = zip(self.wave_weeks, self.wave_sizes, strict=True)
        return (self.start, self.first), *((self.start + week, size) for week, size in later)
