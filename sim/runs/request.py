"""Requests: which runs of which scenarios are needed, and which of their observables.

A run is a scenario with a draw's values, a seed, a replicate and a number of weeks. All scenarios of a request have the same
pairs of draw and replicate, and the same seed and replicate mean the same people and the same luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.errors import InputError
from sim.base.showing import brief
from sim.base.whole import REPLICATES, SEEDS, WEEKS, whole
from sim.results.keys import NO_DRAW
from sim.results.rows import RowShape
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable


@dataclass(frozen=True)
class Pairs:
    """Pairs of a draw and a replicate, ordered by draw, then replicate; computed on demand, as there may be millions.

    numbers : of the draws, ascending; [`NO_DRAW`] without draws. replicates : how many every draw has, from 0 on; or, if the
    pairs are listed, each pair's replicate, shape (pairs,), and then `places` has the place of its draw in `numbers`.
    """

    numbers: I64
    replicates: int | I64
    places: I64 | None = None

    __repr__ = brief

    @classmethod
    def product(cls, replicates: int, draws: DrawTable | None = None) -> Self:
        """Return every draw with replicates 0 .. replicates - 1."""
        return cls(_numbers(draws), replicates)

    @classmethod
    def listed(cls, pairs: I64, draws: DrawTable | None = None) -> Self:
        """Return these pairs, each once. pairs : (draw's number or `NO_DRAW`, replicate), shape (pairs, 2).

        Raises InputError for a draw that the table doesn't hold.
        """
        numbers = _numbers(draws)
        pairs = np.unique(np.asarray(pairs, np.int64).reshape(-1, 2), axis=0)
        places = np.minimum(np.searchsorted(numbers, pairs[:, 0]), numbers.size - 1)
        if (numbers[places] != pairs[:, 0]).any():
            raise InputError(f"draw {pairs[numbers[places] != pairs[:, 0], 0][0]} isn't in the table of draws")
        return cls(numbers, np.ascontiguousarray(pairs[:, 1]), places)

    def __len__(self) -> int:
        return int(self.numbers.size) * self.replicates if isinstance(self.replicates, int) else self.replicates.size

    def at(self, places: I64) -> tuple[I64, I64]:
        """Return (place of the draw in `numbers`, replicate) of the pairs at these places, each shape (places,)."""
        if isinstance(self.replicates, int):
            return places // self.replicates, places % self.replicates
        assert self.places is not None
        return self.places[places], self.replicates[places]

    def runs(self, places: I64) -> I64:
        """Return (draw's number, replicate) of the pairs at these places, shape (places, 2)."""
        draw, replicate = self.at(places)
        return np.stack([self.numbers[draw], replicate], axis=1)


def _numbers(draws: DrawTable | None) -> I64:
    return np.array([NO_DRAW]) if draws is None else np.sort(draws.numbers)


@dataclass(frozen=True)
class Request:
    """The runs that are needed.

    Parameters
    ----------
    scenarios : by label, which also names their folders. pairs : of draw and replicate, the same for all scenarios. seed :
        root of all luck. weeks : of every run, at least 1; or by label. draws : values that replace those of every scenario.
        observed : names of observables (see `sim.results.rows`); everything that batches keep if None.

    Raises
    ------
    InputError : no pairs or scenarios, a week, replicate or observable out of range, or a draw's key that a scenario lacks.
    """

    scenarios: Mapping[str, Scenario]
    pairs: Pairs
    seed: int
    weeks: int | Mapping[str, int]
    draws: DrawTable | None = None
    observed: Sequence[str] | None = None

    __repr__ = brief

    def __post_init__(self) -> None:
        if not len(self.pairs) or not self.scenarios:
            raise InputError("needs scenarios and replicates")
        replicates = self.pairs.replicates
        for replicate in (replicates - 1,) if isinstance(replicates, int) else (replicates.min(), replicates.max()):
            whole("replicate", replicate, 0, REPLICATES)
        whole("seed", self.seed, 0, SEEDS)
        for label, scenario in self.scenarios.items():
            whole("weeks", self.weeks_of(label), 1, WEEKS)
            self.shape(label)
            if self.draws is not None:  # so that a mistake in any draw is an error before anything is run
                self.draws.check(scenario)

    @classmethod
    def of(
        cls, scenarios: Mapping[str, Scenario], replicates: int, seed: int, weeks: int | Mapping[str, int],
        draws: DrawTable | None = None, observed: Sequence[str] | None = None,
    ) -> Self:  # fmt: skip
        """Return the request for every draw with replicates 0 .. replicates - 1."""
        return cls(scenarios, Pairs.product(replicates, draws), seed, weeks, draws, observed)

    def weeks_of(self, label: str) -> int:
        """Return the weeks of a scenario's runs."""
        return self.weeks[label] if isinstance(self.weeks, Mapping) else self.weeks

    def shape(self, label: str) -> RowShape:
        """Return the shape of a scenario's rows."""
        return RowShape.of(self.scenarios[label], self.weeks_of(label), self.observed)

    @property
    def runs(self) -> int:
        """Runs in all."""
        return len(self.pairs) * len(self.scenarios)

    @cached_property
    def rows(self) -> I64:
        """The row of each of `pairs.numbers` in the table of draws, shape (draws,); none without draws."""
        return np.argsort(self.draws.numbers) if self.draws is not None else np.empty(0, np.int64)

    def values(self, places: I64) -> F64:
        """Return the draws' values of the pairs at these places, shape (places, keys); no columns without draws."""
        if self.draws is None:
            return np.empty((places.size, 0))
        draw, _ = self.pairs.at(places)
        return self.draws.values[self.rows[draw]]
