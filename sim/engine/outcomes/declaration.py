"""What an outcome is: all that tables, figures, documentation and checks have to know of it, said once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.world.columns import MEMBER, NEWCOMER, RUNGS

if TYPE_CHECKING:
    from sim.engine.outcomes.run import Run

Columns = dict[str, npt.NDArray[np.generic]]
Rank = Literal["first", "then", "asked"]
"""Where an outcome stands in a table: among its first rows, among those after them, or only if every outcome is asked for."""


class Group(NamedTuple):
    """A group of households: how figures call it, and which (newcomer, member) bits belong to it."""

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
    """What tallies are divided by to make an outcome: they count seconds and fen, and sum over households and villages."""

    ONE = 1.0
    HOUR = 3600.0
    YUAN = 100.0
    HOUSEHOLD = "households"
    VILLAGE = "villages"
    PUBLIC_PLOT = "public plots"


class Households(NamedTuple):
    """A group's households on some rungs, if `clean` only those with a clean yard; as a share of the group, or a number."""

    rungs: tuple[str, ...] = RUNGS
    clean: bool = False
    share: bool = True

    @property
    def cells(self) -> list[int]:
        """1 for each of the eight (rung, yard) cells that counts, 0 for the others."""
        return [int(rung in self.rungs and (yard or not self.clean)) for rung in RUNGS for yard in (False, True)]


class Tallied(NamedTuple):
    """Tallies, by their names, added up and divided; told of all households together."""

    names: tuple[str, ...]
    per: Per = Per.ONE


class Measured(NamedTuple):
    """A measure, by its name, divided; told of all households together."""

    name: str
    per: Per = Per.ONE


@dataclass(frozen=True, slots=True)
class Reduction:
    """How a weekly outcome of all households becomes one number of a run. of : its name."""

    of: str

    def over(self, weeks: Any) -> Any:
        """Return what weeks come to: (weeks, ...) goes in, the rest of that shape comes out."""
        raise NotImplementedError

    def __call__(self, run: Run) -> float:
        """Return what the weeks of a run come to."""
        return float(self.over(run.series(self.of)))


class Last(Reduction):
    """The last week."""

    def over(self, weeks: Any) -> Any:
        """Return the last."""
        return weeks[-1]


class Mean(Reduction):
    """The mean of all weeks."""

    def over(self, weeks: Any) -> Any:
        """Return the mean."""
        return weeks.mean(axis=0)


class Greatest(Reduction):
    """The greatest of all weeks."""

    def over(self, weeks: Any) -> Any:
        """Return the greatest."""
        return weeks.max(axis=0)


@dataclass(frozen=True, slots=True)
class WeeksUntil(Reduction):
    """The number of weeks until a share is first reached, NaN if it never is."""

    share: float

    def over(self, weeks: Any) -> Any:
        """Return the number of weeks."""
        reached = weeks >= self.share
        return np.where(reached.any(axis=0), reached.argmax(axis=0) + 1.0, np.nan)


class Sum(Reduction):
    """The sum of all weeks."""

    def over(self, weeks: Any) -> Any:
        """Return the sum."""
        return weeks.sum(axis=0)

    def __call__(self, run: Run) -> float:
        """Return the sum, which `Run` takes of all outcomes at once."""
        return run.sums[self.of]


@dataclass(frozen=True, slots=True)
class Added:
    """The sums of several weekly outcomes, added one after the other: Python's own sum rounds otherwise from 3.12 on."""

    of: tuple[str, ...]

    def __call__(self, run: Run) -> float:
        """Return the sum of a run."""
        return reduce(float.__add__, (run.sums[name] for name in self.of), 0.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome: what every table, figure and page says of it.

    Attributes
    ----------
    name : the column. unit : of its numbers; people read shares in percent. label : how tables call it. meaning : what it
    is, for documentation. topic : what it is about.
    axis : how figures call it; as tables do if empty. by_village : whether it is also kept of each of several villages.
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
        """Whether it is told by group of households."""
        return isinstance(self.source, Households)


@dataclass(frozen=True, slots=True)
class Total(Outcome):
    """An outcome of a run.

    Attributes
    ----------
    how : makes it of the weeks. main : whether commands print it without being asked for every outcome.
    effect : its place in a comparison's table of effects; the first are drawn as well. interaction : whether a comparison
    says if two programmes do more of it together than the sum of both.
    """

    how: Callable[[Run], float]
    main: bool = field(default=False, kw_only=True)
    effect: Rank = field(default="asked", kw_only=True)
    interaction: bool = field(default=False, kw_only=True)
