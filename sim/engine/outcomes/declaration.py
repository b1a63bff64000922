"""What an outcome's declaration says: everything that tables, figures, documentation and checks need to know about it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.world.columns import MEMBER, NEWCOMER, RUNGS

if TYPE_CHECKING:
    from sim.engine.outcomes.weeks import Weeks

Columns = dict[str, npt.NDArray[np.generic]]
Rank = Literal["first", "then", "asked"]
"""The place of an outcome in a table: among the first rows, after them, or only in a table of every outcome."""


class Group(NamedTuple):
    """A group of households: its name in figures, and the (newcomer, member) bits of its households."""

    label: str
    bits: tuple[int, ...]


GROUP_OF = {
    "all": Group("all households", (0, NEWCOMER, MEMBER, NEWCOMER | MEMBER)),
    "local": Group("locals", (0, MEMBER)),
    "newcomer": Group("newcomers", (NEWCOMER, NEWCOMER | MEMBER)),
    "member": Group("members' households", (MEMBER, NEWCOMER | MEMBER)),
}
GROUPS = tuple(GROUP_OF)


class Per(Enum):
    """What a tally or measure is divided by; tallies count seconds and fen, and sums run over households and villages."""

    ONE = 1.0
    HOUR = 3600.0
    YUAN = 100.0
    HOUSEHOLD = "households"
    VILLAGE = "villages"
    PUBLIC_PLOT = "public plots"


class Households(NamedTuple):
    """A group's households on these rungs, with `clean` only those with a clean yard: a share of the group, or a number."""

    rungs: tuple[str, ...] = RUNGS
    clean: bool = False
    share: bool = True

    @property
    def cells(self) -> list[int]:
        """1 for each of the eight (rung, yard) cells that counts, 0 for the others."""
        return [int(rung in self.rungs and (yard or not self.clean)) for rung in RUNGS for yard in (False, True)]


class Tallied(NamedTuple):
    """The sum of these tallies, divided; for all households together."""

    names: tuple[str, ...]
    per: Per = Per.ONE


class Measured(NamedTuple):
    """A measure, divided; for all households together."""

    name: str
    per: Per = Per.ONE


@dataclass(frozen=True, slots=True)
class Reduction(ABC):
    """How the course of a weekly outcome becomes one number. of : the name of the weekly outcome."""

    of: str

    @abstractmethod
    def over(self, course: Any) -> Any:
        """Return the number for a course of shape (weeks,), or one number per village for (weeks, villages)."""

    def __call__(self, weeks: Weeks) -> float:
        """Return the number for the weeks of a run, all households together."""
        return float(self.over(weeks.series(self.of)))


class Last(Reduction):
    """The last week."""

    def over(self, course: Any) -> Any:
        """Return the last week."""
        return course[-1]


class Mean(Reduction):
    """The mean of all weeks."""

    def over(self, course: Any) -> Any:
        """Return the mean."""
        return course.mean(axis=0)


class Greatest(Reduction):
    """The greatest of all weeks."""

    def over(self, course: Any) -> Any:
        """Return the greatest."""
        return course.max(axis=0)


@dataclass(frozen=True, slots=True)
class WeeksUntil(Reduction):
    """The number of weeks until a share is first reached, NaN if it never is."""

    share: float

    def over(self, course: Any) -> Any:
        """Return the number of weeks."""
        reached = course >= self.share
        return np.where(reached.any(axis=0), reached.argmax(axis=0) + 1.0, np.nan)


class Sum(Reduction):
    """The sum of all weeks."""

    def over(self, course: Any) -> Any:
        """Return the sum."""
        return course.sum(axis=0)

    def __call__(self, weeks: Weeks) -> float:
        """Return the sum, which `Weeks` takes of all outcomes at once."""
        return weeks.sums[self.of]


@dataclass(frozen=True, slots=True)
class Added:
    """The sums of several weekly outcomes, added one after the other. Python's own sum rounds otherwise from 3.12 on."""

    of: tuple[str, ...]

    def __call__(self, weeks: Weeks) -> float:
        """Return the sum for the weeks of a run."""
        return reduce(float.__add__, (weeks.sums[name] for name in self.of), 0.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome.

    Attributes
    ----------
    name : of the column. unit : of the numbers in files; people read shares in percent. label : the name in printed tables.
    meaning : for documentation. topic : the heading under which it is printed.
    axis : the name in figures; the label if empty. by_village : whether it is also kept for each village, where there are
    several.
    """

    name: str
    unit: str
    label: str
    meaning: str
    topic: str
    axis: str = field(default="", kw_only=True)
    by_village: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Weekly(Outcome):
    """An outcome of each week. source : what it is made of. curve : its place in a comparison's table of curves."""

    source: Households | Tallied | Measured
    curve: Rank = field(default="asked", kw_only=True)

    @property
    def by_group(self) -> bool:
        """Whether it has a number for each group of households."""
        return isinstance(self.source, Households)


@dataclass(frozen=True, slots=True)
class Total(Outcome):
    """An outcome of a run.

    Attributes
    ----------
    how : makes it of the run's weeks. main : whether commands print it without --full.
    effect : its place in a comparison's table of effects, whose first rows are also drawn. interaction : whether a
    comparison says if two programmes together change it by more than the sum of both.
    """

    how: Callable[[Weeks], float]
    main: bool = field(default=False, kw_only=True)
    effect: Rank = field(default="asked", kw_only=True)
    interaction: bool = field(default=False, kw_only=True)
