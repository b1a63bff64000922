"""Contractors (政府干、群众看): hired hands clear yards in their households' stead, and the households watch.

The foil of mobilisation: the government acts while the masses look on (S112). Contractors go from one cluttered yard to
the next as far as their hours reach and leave each clear. Clean yards are seen by neighbours all the same, so the intervention
has two sides: an example that nobody gave, and passivity in those who were served. The price is stated as `cost`; nobody
gave a figure. Left out: contracts, quality, and households who refuse.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class ContractorCleaning(Intervention):
    """Hire contractors who clear yards instead of their households."""

    summary: ClassVar[str] = "contractors clear yards while their households watch"

    kind: Literal["contractor_cleaning"]
    hours: float = number(
        "hours a week in which contractors clear yards", unit="hours/week", low=0, high=1e6, default=80.0,
        evidence="assumption: two workers in full time",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("contractor_time", self.hours),)
