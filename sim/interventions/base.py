"""The base of all interventions (who, where, when, how strongly, at what price) and the named values that they change.

An intervention never reaches into a mechanism. It returns `Effect`s, each an amount of one named value, and the programme
(`sim.engine.programme`) adds up the effects of all interventions week by week. A value that no intervention changes is 0 and
has no effect, so a run with an intervention of strength 0 equals a run without it, bit for bit.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import model_validator

from sim.base.fields import Frozen, number, word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Group = Literal[
    "everyone", "local", "newcomer", "member", "worthy", "volunteer", "representative", "floating_member", "youth"
]


class Who(Frozen):
    """The households that an intervention chooses: a group, narrowed by years in the party, then a share or number of it."""

    group: Group = word("the group to choose from", default="everyone", evidence="assumption: no narrowing")
    min_years_in_party: int = number(
        "minimum years in the party", unit="years", low=0, high=80, default=0, evidence="assumption: no narrowing"
    )
    within: int | None = number(
        "greatest distance from the middle of the village; leave out for anywhere", unit="plots", low=0, high=100_000,
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
    """What an intervention costs its organisers, in addition to the money and hours that its mechanism records."""

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
    """People from elsewhere whom an intervention brings into each village; the named value determines what they do."""

    count: int


ONCE = 0
"""The period of an effect that occurs only in the intervention's first week."""


@dataclass(frozen=True, slots=True)
class Effect:
    """An amount of a named value (a key of `NAMED_VALUES`), at full strength.

    who : the households concerned; None for the whole village.
    every : weeks from one week with the effect to the next, beginning with the intervention's start; `ONCE` for the first
        week only.
    scaled : whether strength, ramp and organisers' attention scale the amount. They don't scale thresholds such as a
        quorum, which hold in full as long as the intervention is active.
    """

    value: str
    amount: float
    who: Who | Outsiders | None = None
    every: int = 1
    scaled: bool = True


@dataclass(frozen=True, slots=True)
class Gift:
    """Money for one use (of `GIFT_USES`), in yuan for each village, in equal weekly parts while the intervention acts."""

    use: str
    yuan: float


class Intervention(Frozen):
    """An intervention in a scenario. Subclasses fix `kind`, add keys, and say what they do in `effects` and `gifts`.

    summary : what it does, in one line. chinese : its names in Chinese, by which scenarios may call it too; pages show the
    first.
    """

    summary: ClassVar[str] = ""
    chinese: ClassVar[tuple[str, ...]] = ()

    kind: str
    name: str = word("the name that overrides use; the kind if left out", default="", evidence="assumption: label")
    start: int = number(
        "first active week, counted from 0", unit="week", low=0, high=5200, default=0, evidence="assumption: at once"
    )
    stop: int | None = number(
        "first week in which it is no longer active; leave out to go on", unit="week", low=0, high=5200, default=None,
        evidence="assumption: goes on",
    )  # fmt: skip
    ramp: int = number(
        "weeks in which it grows in equal steps to full strength; 0 or 1 for at once", unit="weeks", low=0,
        high=5200, default=0, evidence="assumption: at once",
    )  # fmt: skip
    strength: float = number(
        "intensity: 0 as if absent, 1 as described", unit="1", low=0, high=1, default=1.0,
        evidence="assumption: as described",
    )  # fmt: skip
    where: Where = word("the villages", default=Where(), evidence="assumption: every village")
    cost: Cost = word("organisers' money and hours", default=Cost(), evidence="assumption: no document gives a price")

    @model_validator(mode="after")
    def _stop_after_start(self) -> Self:
        if self.stop is not None and self.stop < self.start:
            raise ValueError(f"stop ({self.stop}) is before start ({self.start})")
        return self

    def intensity(self, weeks: "npt.NDArray[np.int64]") -> "npt.NDArray[np.float64]":
        """Return the intensity in each of these weeks, 0..strength, from start, stop and ramp."""
        import numpy as np  # slow to import, and not needed to read a scenario

        acts = weeks >= self.start
        if self.stop is not None:
            acts &= weeks < self.stop
        grown = np.minimum(1.0, (weeks - self.start + 1) / max(1, self.ramp))
        return np.where(acts, self.strength * grown, 0.0)

    def effects(self) -> tuple[Effect, ...]:
        """Return the changes of named values at full strength."""
        return ()

    def gifts(self) -> tuple[Gift, ...]:
        """Return the money that the intervention gives, at full strength, over its active weeks."""
        return ()

    def spreads(self) -> tuple[float, float, float, float] | None:
        """Return the row of `Programme.spread` of a roll-out; None for any other intervention."""
        return None

    def spreads_to(self, intervention: str) -> bool:
        """Return whether this is a roll-out of the intervention with this name."""
        return False

    def pilots(self) -> tuple[str, ...]:
        """Return the names of the villages in which a roll-out begins."""
        return ()

    def waves(self) -> tuple[tuple[int, int], ...]:
        """Return (week, number of villages that begin in it) for each planned wave of a roll-out."""
        return ()
