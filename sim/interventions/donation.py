"""Donation: a local worthy's money for the village, by use, with a match and with more or less transparency.

`works` turns public plots into amenities, `hauling` pays people who help households to clear their yards, `awards`
rewards clean yards, and `charity` (schools, the poor) affects no yard. The village recognises all of it as giving, to the
extent that it is transparent; help that replaces the household's own work increases passivity. Whether donations inspire or
make passive is an open question: the household's rule has both terms, and the prior intervals of their weights include zero.
Money is given in equal weekly parts up to `stop`, or to the scenario's last week. Left out: where the money comes
from, corruption, and strings attached.
"""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from sim.base.fields import Frozen, number, word
from sim.interventions.base import Effect, Gift, Intervention, Who


class Uses(Frozen):
    """How a gift is divided; the shares sum to 1."""

    works: float = number("public works", unit="1", low=0, high=1, default=0.0, evidence="assumption: stated uses only")
    hauling: float = number("help with yards", unit="1", low=0, high=1, default=0.0, evidence="assumption: as works")
    awards: float = number("awards", unit="1", low=0, high=1, default=0.0, evidence="assumption: as works")
    charity: float = number("school and charity", unit="1", low=0, high=1, default=0.0, evidence="assumption: as works")


class Donation(Intervention):
    """Give money to the village."""

    summary: ClassVar[str] = "worthies give money for works, hauling help, awards or charity"
    chinese: ClassVar[tuple[str, ...]] = ("乡贤捐赠",)

    kind: Literal["donation"]
    who: Who = word(
        "the households that paid help and awards may reach", default=Who(), evidence="assumption: every household"
    )
    yuan: float = number(
        "given in each village over the active weeks, at full strength", unit="yuan", low=0, high=1e10,
        default=500_000.0,
        evidence="assumption: a poor village's gift; a rich one got 45.1 million for charity and public welfare (S15) and "
        "14.8 for works (S55)",
    )  # fmt: skip
    uses: Uses = word(
        "shares of the gift by use", default=Uses(works=0.5, hauling=0.3, awards=0.2),
        evidence="assumption: gifts went to charity and public welfare (S15), works (S55) and a school (S56); none is "
        "reported for the rest",
    )  # fmt: skip
    transparency: float = number(
        "share of the gift that the village sees announced and accounted for", unit="1", low=0, high=1, default=1.0,
        evidence="assumption: the town publicises giving (S49), although one donor gave quietly (S137)",
    )  # fmt: skip
    match: float = number(
        "yuan added to each yuan that households give", unit="1", low=0, high=10,
        default=0.0, evidence="assumption: no document reports a match",
    )  # fmt: skip

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Self:
        total = sum(getattr(self.uses, use) for use in Uses.model_fields)
        if abs(total - 1.0) > 1e-9:
            shares = ", ".join(f"{use} {getattr(self.uses, use):g}" for use in Uses.model_fields)
            raise ValueError(f"uses must sum to 1, not {total:g} ({shares})")
        return self

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("transparency", self.transparency),
            Effect("match", self.match),
            Effect("served", 1.0, None if self.who == Who() else self.who),
        )

    def gifts(self) -> tuple[Gift, ...]:
        return tuple(Gift(use, self.yuan * getattr(self.uses, use)) for use in Uses.model_fields)
