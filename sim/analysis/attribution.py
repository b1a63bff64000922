"""Attribution: which terms of the decision tipped the climbs, and which carried the difference between two scenarios.

A climb is attributed to its tipping term: the largest term without which the same draw would not have sufficed (see
`sim.engine.mechanisms.decision`). Every climb has exactly one, so the terms add up to all climbs, and their paired
differences to the difference of all climbs.

This is an accounting of climbs as they happened. It shows through which term an intervention worked, and so whether
neighbours passed on what a visit began. It doesn't show what would be lost without a term: if several terms were each
necessary, only the largest is counted, and if none was necessary by itself, the climb goes to `several`. So a share is
neither a Shapley share nor the causal effect of a term. Nor is it the share of an intervention, because a donation works
through several terms, and every intervention works through the neighbours too. A term may also tip fewer climbs than in the
reference although nothing weakened it, because households that climbed by another term can't be tipped again. A household
that slips and climbs again is counted twice, which is why slips are listed too: climbs minus slips are the rungs gained.
Left out: the step of the ladder and the group of a climb, which no run records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.comparable import OTHER_SIZE, comparable
from sim.analysis.compare import Comparison
from sim.analysis.intervals import CLEAR, corrected, interval, mean_of
from sim.base.showing import brief
from sim.engine.outcomes import Columns, unit_of
from sim.engine.terms import TERMS
from sim.results.rows import Array
from sim.runs import weekly_of

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"
"""The name in place of a term in the rows that sum over all terms."""


@dataclass(frozen=True)
class Attribution:
    """Climbs of the scenarios of a comparison by the term that tipped them.

    Attributes
    ----------
    comparison : the runs, paired by replicate.
    """

    comparison: Comparison

    __repr__ = brief

    @cached_property
    def climbs(self) -> pd.DataFrame:
        """One row per scenario and term, in the order of `TERMS`.

        ``climbs`` is the mean over the scenario's runs (``runs``, paired or not; over draws, draws), ``low`` and ``high`` its
        95 % interval, ``share`` its part of the mean of all climbs; NaN if nobody climbed.
        """
        import pandas as pd

        rows = []
        for name, table in self.comparison.tables.items():
            everything = mean_of(np.asarray(table["climbs"], np.float64))
            for term in TERMS:
                found = interval(self._tipped.paired(term, name)[0])
                rows.append(
                    {"scenario": name, "term": term, "climbs": found["difference"], "low": found["low"],
                     "high": found["high"], "runs": found["pairs"],
                     "share": found["difference"] / everything if everything else float("nan")}
                )  # fmt: skip
        return pd.DataFrame(rows)

    @cached_property
    def _tipped(self) -> Comparison:
        """The comparison's runs with climbs by term in place of outcomes."""
        return replace(self.comparison, tables={name: by_term(t) for name, t in self.comparison.tables.items()})

    @cached_property
    def differences(self) -> pd.DataFrame:
        """One row per scenario against the reference, flow and term, with the columns of `Comparison.effects`.

        First the climbs by term, from the largest difference to the smallest, whatever its sign; then all climbs and
        all slips, whose ``term`` is `ALL`. ``share`` is the part of the difference of all climbs. Terms that go
        against it have negative shares and leave more than 1 to others; where all climbs don't differ
        distinguishably, a share would be noise over noise and is NaN, as it is for slips. Verdicts are corrected for all
        rows.
        """
        import pandas as pd

        rows = []
        for name in list(self.comparison.scenarios)[1:]:
            terms = [_row(self._tipped, name, term, "climbs", term) for term in TERMS]
            terms.sort(key=lambda row: -abs(row["difference"]))
            rows += [*terms, *(_row(self.comparison, name, flow, flow, ALL) for flow in ("climbs", "slips"))]
        if not rows:
            return pd.DataFrame()
        table = pd.DataFrame(corrected(rows))
        whole = table[(table["flow"] == "climbs") & (table["term"] == ALL) & table["verdict"].isin(CLEAR)]
        wholes = table["scenario"].map(whole.set_index("scenario")["difference"])
        return table.assign(share=(table["difference"] / wholes).where(table["flow"] == "climbs"))


def by_term(table: Mapping[str, Array]) -> Columns:
    """Return a batch's table of climbs: its keys, and for each term the climbs it tipped over the whole run."""
    sums = {term: weekly_of(table, f"climbs_{term}", "all").sum(axis=1) for term in TERMS}
    return {key: table[key] for key in ("draw", "replicate") if key in table} | sums


def _row(comparison: Comparison, name: str, outcome: str, flow: str, term: str) -> dict[str, Any]:
    here, there = comparison.paired(outcome, name, comparison.reference)
    same = comparable(unit_of("climbs"), comparison.scenarios[name], comparison.scenarios[comparison.reference])
    row = interval(here - there) if same else interval(np.empty(0)) | {"verdict": OTHER_SIZE}
    return {
        "scenario": name, "reference": comparison.reference, "flow": flow, "term": term,
        "reference_mean": mean_of(there), "mean": mean_of(here), **row,
    }  # fmt: skip
