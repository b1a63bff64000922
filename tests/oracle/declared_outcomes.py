"""Outcomes that the twin doesn't work out by itself, read from their declarations and made of the twin's own tallies.

So an outcome that is declared anew from what is tallied already is compared without a word in the twin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from oracle import outcomes
from oracle.model import Town
from oracle.observation import in_order, pairwise_sum
from oracle.outcomes import Row, ratio
from sim.engine.outcomes import TOTALS, WEEKLY, WeeksUntil
from sim.engine.outcomes.declaration import Added, Greatest, Households, Last, Mean, Measured, Per, Sum


def weekly(town: Town) -> dict[str, Row]:
    """Return the twin's rows of the week just run, by group, with the outcomes that it doesn't know."""
    rows = outcomes.weekly(town)
    households = rows["all"]["households"]
    divisors = {
        Per.HOUSEHOLD: households, Per.VILLAGE: len(town.villages),
        Per.PUBLIC_PLOT: sum(len(village.public_plots) for village in town.villages),
    }  # fmt: skip
    for outcome in WEEKLY:
        if outcome.name in rows["all"]:
            continue
        source = outcome.source
        if isinstance(source, Households):
            for group, row in rows.items():
                number = _households(town, group, source)
                row[outcome.name] = ratio(number, row["households"]) if source.share else float(number)
            continue
        if isinstance(source, Measured):
            number = in_order(village.sums[source.name] for village in town.villages)
        else:
            number = sum(village.tally[name] for village in town.villages for name in source.names)
        rows["all"][outcome.name] = number / divisors.get(source.per, source.per.value)
    return rows


def _households(town: Town, group: str, source: Households) -> int:
    """Return how many households of a group are counted."""
    cells: Counter[outcomes.Cell] = Counter()
    for village in town.villages:
        cells.update(village.cells)
    rungs = [outcomes.RUNGS.index(rung) for rung in source.rungs]
    return sum(
        number
        for (newcomer, member, rung, clean), number in cells.items()
        if outcomes.GROUPS[group](newcomer, member) and rung in rungs and (clean or not source.clean)
    )


def totals(town: Town, weeks: Sequence[dict[str, Row]]) -> Row:
    """Return the twin's outcomes of a run, with those that it doesn't know; raises KeyError for a function of a run."""
    found = outcomes.totals(town, weeks)
    return found | {one.name: _reduced(one.how, weeks) for one in TOTALS if one.name not in found}


def _reduced(how: object, weeks: Sequence[dict[str, Row]]) -> float:
    """Return what a reduction makes of the weeks."""

    def series(name: str) -> list[float]:
        return [rows["all"][name] for rows in weeks]

    match how:
        case WeeksUntil():
            return outcomes.weeks_to(series(how.of), how.share)
        case Last():
            return series(how.of)[-1]
        case Mean():
            return pairwise_sum(series(how.of)) / len(weeks)
        case Greatest():
            return max(series(how.of))
        case Sum():
            return pairwise_sum(series(how.of))
        case Added():
            return in_order(pairwise_sum(series(name)) for name in how.of)
    raise KeyError(f"the twin has to work {how} out by itself")
