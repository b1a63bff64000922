"""Contractors (政府干、群众看): hired workers clear yards while the households watch.

This is the opposite of mobilisation: the government acts while the masses look on (S112). Contractors go from one
cluttered yard to the next and clear each, as long as their hours last. Neighbours see the clean yards all the same, so the
intervention has two sides: an example that nobody set, and passivity in the households that were served. State the price as
`cost`; no document gives a figure. Left out: contracts, quality, and households that refuse.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class ContractorCleaning(Intervention):
    """Hire contractors who clear yards instead of their households."""

    summary: ClassVar[str] = "contractors clear yards while their households watch"
    chinese: ClassVar[tuple[str, ...]] = ("外包清理",)

    kind: Literal["contractor_cleaning"]
    hours: float = number(
        "hours a week in which contractors clear yards", unit="hours/week", low=0, high=1e6, default=80.0,
        evidence="assumption: two full-time workers",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("contractor_time", self.hours),)
