"""Donation (乡贤捐赠): a worthy's money for the village, by use, with a match and with more or less transparency.

`works` turns public plots into amenities, `hauling` pays for hands that clear yards beside the household, `awards`
rewards clean yards, `charity` (schools, the poor) touches no yard. All of it is recognised as giving, as far as it is
transparent; help that replaces the household's own work feeds passivity. Whether donation inspires or makes passive is
an open question: both terms are in the household's rule, and their weights have prior intervals that include zero.
Money is given in equal weekly parts up to `stop`, or to the scenario's last week. Left out: where the money comes
from, corruption, and strings attached.
"""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from sim.base.fields import Frozen, number, word
from sim.interventions.base import Effect, Gift, Intervention, Who


class Uses(Frozen):
    """How a gift is divided; the shares sum to 1."""

    works: float = number("public works", unit="1", low=0, high=1, default=0.0, evidence="assumption: named uses only")
    hauling: float = number("help with yards", unit="1", low=0, high=1, default=0.0, evidence="assumption: as works")
    awards: float = number("awards", unit="1", low=0, high=1, default=0.0, evidence="assumption: as works")
    charity: float = number("school and charity", unit="1", low=0, high=1, default=0.0, evidence="assumption: as works")


class Donation(Intervention):
    """Give money to the village."""

    summary: ClassVar[str] = "worthies give money for works, hauling help, awards or charity"

    kind: Literal["donation"]
    who: Who = word(
        "the households that paid hands and awards may reach", default=Who(), evidence="assumption: every household"
    )
    yuan: float = number(
        "given in each village over the active weeks, at full strength", unit="yuan", low=0, high=1e10,
        default=500_000.0,
        evidence="assumption: a poor village's gift; a rich one got 45.1 million for charity (S15), 14.8 for works (S55)",
    )  # fmt: skip
    uses: Uses = word(
        "shares of the gift by use", default=Uses(works=0.5, hauling=0.3, awards=0.2),
        evidence="assumption: charity (S15), works (S55) and a school (S56) got gifts; none for hauling or awards is told",
    )  # fmt: skip
    transparency: float = number(
        "share of the gift that the village sees announced and accounted for", unit="1", low=0, high=1, default=1.0,
        evidence="assumption: the town publicises giving (S49), although one donor gave quietly (S137)",
    )  # fmt: skip
    match: float = number(
        "yuan added to each yuan that households give", unit="1", low=0, high=10,
        default=0.0, evidence="assumption: no document tells of a match",
    )  # fmt: skip

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Self:
        total = sum(getattr(self.uses, use) for use in Uses.model_fields)
        if abs(total - 1.0) > 1e-9:
            raise ValueError(f"uses sum to {total:g}, not to 1")
        return self

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("transparency", self.transparency),
            Effect("match", self.match),
            Effect("served", 1.0, None if self.who == Who() else self.who),
        )

    def gifts(self) -> tuple[Gift, ...]:
        return tuple(Gift(use, self.yuan * getattr(self.uses, use)) for use in Uses.model_fields)
