"""What every intervention has: who, where, when, how strongly, at what price; and the named values that interventions move.

An intervention never reaches into a mechanism. It returns `Effect`s, each an amount of one named value, and the programme adds
the effects of all interventions week by week (`sim.engine.programme`). A value that no intervention moves is 0 and changes
nothing, so an intervention of strength 0 is the same as no intervention, bit for bit.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import model_validator

from sim.base.fields import Frozen, number, word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# The named values, in the order of their rows in the programme's tables. A new one is added at the end.
NAMED_VALUES: dict[str, str] = {
    "contact_time": "time for household visits, as a share of routine time, added to 1 (member)",
    "message": "probability that a member's visit speaks of the yard, added to the routine share (member)",
    "unwilling_first": "share of members who visit the least willing of their list first (member)",
    "example": "share of the chosen who keep their own yard clear (household)",
    "volunteer_time": "hours a week given to volunteering, added to the household's own (volunteer)",
    "volunteer_message": "probability that a volunteer's call speaks of the yard (volunteer)",
    "transparency": "share of gifts that the village sees announced and accounted for (village)",
    "served": "above 0 where paid hands and awards may reach (household)",
    "match": "yuan that donors add to each yuan that households give to public works (village)",
    "list_time": "share of a member's routine time that a helper gives to the list it helps with (floating member)",
    "skill": "share added to what a member's visit does (member)",
    "courage": "share of the fear of meeting villagers that is taken away (village)",
    "other_tasks": "share of members' and volunteers' hours lost to other tasks; below 0 for relief (village)",
    "worthy_time": "hours a week of calls about the yard (worthy)",
    "representative_time": "hours a week of calls about the yard (representative)",
    "cadre_time": "hours a week of calls about the yard (cadre from outside)",
    "recruitment": "multiple of the routine pace at which willing households join the volunteers, added to 1 (village)",
    "praise": "praise of worthies that the week adds to its stock (village)",
    "plaques": "plaques a week for clean yards, without money (village)",
    "points": "reward for a clean yard, on the scale of a fresh award (village)",
    "member_points": "share of organisers' fatigue that points for members take away (village)",
    "reassurance": "share of the way to full trust that a household moves in a week (household)",
    "belonging": "share of the way to full attachment that a household moves in a week (household)",
    "bonds": "ties to locals that each newcomer makes in the association (village)",
    "small_capacity": "small disputes that are settled in a week, besides the committee's own (village)",
    "large_capacity": "large disputes that are settled in four weeks, besides the committee's own (village)",
    "detection": "share of small disputes that are seen and settled at once (village)",
    "plot_time": "hours a week in which others than volunteers clear public plots (village)",
    "dumping": "share of what would litter public plots that is kept away (village)",
    "charter_vote": "above 0 in weeks in which the village votes on its charter (village)",
    "charter_quorum": "share of households that must vote for it (village)",
    "charter_weight": "added to the weight of clean yards in sight once the charter holds (village)",
    "contractor_time": "hours a week in which contractors clear yards instead of their households (village)",
    "consent_burden": "score that a household needs in order to consent to the plan as drawn (village)",
    "consent_quorum": "share of households whose consent the plan needs (village)",
    "redesign": "share of the plan's burden that redrawing takes away in a week (village)",
    "review": "share of organisers' lost effort that the week restores (village)",
    "meeting": "effort that the week adds, even beyond the routine's (village)",
    "ranking": "effort by which a published ranking moves the last village against the first in a week (village)",
}

GIFT_USES: tuple[str, ...] = ("works", "hauling", "awards", "charity", "budget")
"""What money is for. All but the last are gifts and may be recognised; the budget is public money for works."""

Group = Literal[
    "everyone", "local", "newcomer", "member", "worthy", "volunteer", "representative", "floating_member", "youth"
]


class Who(Frozen):
    """The households that an intervention chooses: a group, narrowed by years in the party, then a share or a count of it."""

    group: Group = word("the group to choose from", default="everyone", evidence="assumption: no narrowing")
    min_years_in_party: int = number(
        "least years in the party", unit="years", low=0, high=80, default=0, evidence="assumption: no narrowing"
    )
    within: int | None = number(
        "plots from the middle of the village at most; leave out for anywhere", unit="plots", low=0, high=100_000,
        default=None, evidence="assumption: no narrowing",
    )  # fmt: skip
    share: float = number(
        "share of the group, drawn by person", unit="1", low=0, high=1, default=1.0, evidence="assumption: all of them"
    )
    count: int | None = number(
        "number of households, drawn by person; leave out for the share",
        unit="households", low=0, high=10_000_000, default=None, evidence="assumption: the share decides",
    )  # fmt: skip


class Where(Frozen):
    """The villages that an intervention reaches: named ones, or a share drawn by village."""

    villages: tuple[str, ...] = word(
        "names of villages; empty for all", default=(), evidence="assumption: every village"
    )
    share: float = number(
        "share of these villages, drawn by village", unit="1", low=0, high=1, default=1.0,
        evidence="assumption: all of them",
    )  # fmt: skip


class Cost(Frozen):
    """What an intervention costs its organisers, over and above the money and hours that its mechanism itself records."""

    yuan_once: float = number(
        "paid in the first week, in each village", unit="yuan", low=0, high=1e12, default=0.0,
        evidence="assumption: no document gives a price",
    )  # fmt: skip
    yuan_per_week: float = number(
        "paid in every active week at full strength, in each village", unit="yuan/week", low=0, high=1e10,
        default=0.0, evidence="assumption: no document gives a price",
    )  # fmt: skip
    hours_per_week: float = number(
        "organisers' hours in every active week at full strength, in each village", unit="hours/week", low=0,
        high=1e6, default=0.0, evidence="assumption: no document gives hours",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outsiders:
    """People whom an intervention brings into each village and who live elsewhere; what they do follows from the value."""

    count: int


ONCE = 0
"""The period of an effect that is there in the intervention's first week only."""


@dataclass(frozen=True, slots=True)
class Effect:
    """An amount of a named value (a key of `NAMED_VALUES`), at full strength.

    who : None means the whole village. every : weeks from one week with the effect to the next, from the intervention's start
    on; `ONCE` for the first week only. scaled : whether strength, ramp and organisers' attention scale the amount; they
    don't scale bounds that must be reached, which hold in full while the intervention acts at all.
    """

    value: str
    amount: float
    who: Who | Outsiders | None = None
    every: int = 1
    scaled: bool = True


@dataclass(frozen=True, slots=True)
class Gift:
    """Money for one use (of `GIFT_USES`), given in equal weekly parts while the intervention is active; yuan a village."""

    use: str
    yuan: float


class Intervention(Frozen):
    """An intervention in a scenario. Subclasses fix `kind`, add keys, and say what they do in `effects` and `gifts`."""

    summary: ClassVar[str] = ""

    kind: str
    name: str = word("the name that overrides refer to; the kind if left out", default="", evidence="assumption: label")
    start: int = number(
        "first active week, counted from 0", unit="week", low=0, high=5200, default=0, evidence="assumption: at once"
    )
    stop: int | None = number(
        "first week that is no longer active; leave out for never", unit="week", low=0, high=5200, default=None,
        evidence="assumption: goes on",
    )  # fmt: skip
    ramp: int = number(
        "weeks over which it grows in equal steps to full strength; 0 or 1 for at once", unit="weeks", low=0,
        high=5200, default=0, evidence="assumption: at once",
    )  # fmt: skip
    strength: float = number(
        "intensity; 0 is absence, 1 as described", unit="1", low=0, high=1, default=1.0,
        evidence="assumption: as described",
    )  # fmt: skip
    where: Where = word("the villages", default=Where(), evidence="assumption: every village")
    cost: Cost = word("organisers' money and hours", default=Cost(), evidence="assumption: no document gives a price")

    @model_validator(mode="after")
    def _stop_after_start(self) -> Self:
        if self.stop is not None and self.stop < self.start:
            raise ValueError(f"stop ({self.stop}) lies before start ({self.start})")
        return self

    def intensity(self, weeks: "npt.NDArray[np.int64]") -> "npt.NDArray[np.float64]":
        """Return the intensity in each of some weeks, 0..strength, by start, stop and ramp."""
        import numpy as np  # not needed for reading a scenario, and slow to import

        acts = weeks >= self.start
        if self.stop is not None:
            acts &= weeks < self.stop
        grown = np.minimum(1.0, (weeks - self.start + 1) / max(1, self.ramp))
        return np.where(acts, self.strength * grown, 0.0)

    def effects(self) -> tuple[Effect, ...]:
        """Return the named values that the intervention moves, at full strength."""
        return ()

    def gifts(self) -> tuple[Gift, ...]:
        """Return the money that the intervention gives, at full strength, over its active weeks."""
        return ()

    def spreads(self) -> tuple[float, float, float, float] | None:
        """Return what a roll-out's row of `Programme.spread` says; None for every intervention that spreads no others."""
        return None

    def spreads_to(self, intervention: str) -> bool:
        """Return whether it is the roll-out of the intervention with this name."""
        return False

    def pilots(self) -> tuple[str, ...]:
        """Return the names of villages that come first in a roll-out."""
        return ()

    def waves(self) -> tuple[tuple[int, int], ...]:
        """Return (week, how many villages begin then) for each planned wave of a roll-out."""
        return ()
