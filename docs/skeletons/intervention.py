"""Open days: party members show their own yard to the village, and visitors come away with more trust.

This is a skeleton: copy the file, rename the class and its kind, and keep the lines that you need. An intervention reaches
into no mechanism; it says by how much it moves which named value (the table in docs/reference/interventions.md), for whom, and
what money it gives. Say in this docstring what the intervention stands for, what it rests on, and what you left out.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions import Effect, Gift, Intervention, Who, register


@register
class OpenDays(Intervention):
    """Members show their own yard to the village."""

    # One line for `grassroots explain`; without it the docstring's first line is shown.
    summary: ClassVar[str] = "members keep a yard to show, and open days raise trust"

    # Names in Chinese, by which scenarios may call it too; pages show the first. Leave it out if there is none.
    chinese: ClassVar[tuple[str, ...]] = ("开放日",)

    # The word by which scenarios call for the intervention: small letters, digits, underscores, and not taken yet.
    kind: Literal["open_days"]

    # The keys that a scenario may set. `name`, `start`, `stop`, `ramp`, `strength`, `where` and `cost` are there
    # already. Each has a meaning, a unit, a range, and a default with what it rests on: a record of seeds/, or
    # "assumption: why". Leave the default out for a key that every scenario must set.
    who: Who = word(
        "the members whose yards are shown", default=Who(group="member", share=0.5), evidence="assumption: every second"
    )
    visitors: Who = word(
        "the households that come", default=Who(group="newcomer"), evidence="assumption: who hasn't seen one"
    )
    every: int = number(
        "weeks from one open day to the next", unit="weeks", low=1, high=52, default=4, evidence="assumption: monthly"
    )
    trust: float = number(
        "share of the way to full trust that a visitor moves on an open day", unit="1", low=0, high=1, default=0.05,
        evidence="assumption: no document measures it",
    )  # fmt: skip
    yuan: float = number(
        "given for awards over the intervention's time", unit="yuan", low=0, high=1e9, default=0.0,
        evidence="assumption: no money",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        """Return what full strength adds to which named value; the programme scales it by strength and ramp."""
        return (
            # Who is chosen is drawn once a run, person by person, from seed, replicate and the intervention's name.
            Effect("example", 1.0, self.who),
            # Without `every` an effect is there in every week; `ONCE` is for the first week only.
            Effect("reassurance", self.trust, self.visitors, every=self.every),
            # A value of the whole village takes no `who`.
            Effect("praise", 0.5, every=self.every),
        )

    def gifts(self) -> tuple[Gift, ...]:
        """Return the money given, in equal weekly parts; leave the method out if there is none."""
        return (Gift("awards", self.yuan),)
