"""Outcomes: what the tables of ``docs/reference/outcomes.md`` tell of a week and of a run, worked out from the tallies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import fsum, nan
from typing import TYPE_CHECKING

from oracle.decision import TERMS
from oracle.levers import USES
from oracle.observation import in_order, pairwise_sum

if TYPE_CHECKING:
    from oracle.model import Town

Cell = tuple[bool, bool, int, bool]
Row = dict[str, float]

GROUPS = {
    "all": lambda newcomer, member: True,
    "local": lambda newcomer, member: not newcomer,
    "newcomer": lambda newcomer, member: newcomer,
    "member": lambda newcomer, member: member,
}
RUNGS = ("watching", "pushed", "helping", "self_initiated")
MEANS = ("trust", "persuasion", "clutter", "passivity")
COUNTED = ("visits", "messages", "talks", "calls", "volunteers", "works_finished", "slips", "joined", "left", "plaques",
           "large_disputes_open")  # fmt: skip
HOURS = ("contact", "volunteer", "plot", "help", "paid", "caller", "contractor", "upkeep", "own", "programme")
UNPAID = ("contact", "volunteer", "caller", "programme")
PAID = ("paid", "contractor", "upkeep")
AT_THE_END = ("adopted", "clean", "self_initiated", "public_cleanliness", "trust", "reached")
YEAR = 52


def ratio(part: float, whole: float) -> float:
    """Return a part of a whole; NaN of nothing."""
    return part / whole if whole > 0 else nan


def weekly(town: Town) -> dict[str, Row]:
    """Return the rows of the week just run, by group; what isn't told by group stands in the row of all."""
    cells: Counter[Cell] = Counter()
    tally: Counter[str] = Counter()
    for village in town.villages:
        cells.update(village.cells)
        tally.update(village.tally)
    rows = {group: shares(cells, belongs) for group, belongs in GROUPS.items()}
    rows["all"].update(whole(town, tally, rows["all"]["households"]))
    return rows


def shares(cells: Counter[Cell], belongs: object) -> Row:
    """Return a group's households, and the shares of them on each rung, that have adopted, and with a clean yard."""
    mine = {cell: number for cell, number in cells.items() if belongs(cell[0], cell[1])}
    size = sum(mine.values())
    on = [sum(number for cell, number in mine.items() if cell[2] == rung) for rung in range(len(RUNGS))]
    clean = sum(number for cell, number in mine.items() if cell[3])
    return {
        "households": float(size),
        **{name: ratio(on[rung], size) for rung, name in enumerate(RUNGS)},
        "adopted": ratio(on[2] + on[3], size),
        "clean": ratio(clean, size),
    }


def whole(town: Town, tally: Counter[str], households: float) -> Row:
    """Return what is told of the whole town only."""
    villages = list(town.villages)
    sums = {name: in_order(village.sums[name] for village in villages) for name in villages[0].sums}
    tally["large_disputes_open"] = tally["large_open"]
    return {
        **{name: sums[name] / households for name in MEANS},
        "public_cleanliness": sums["public_cleanliness"] / sum(len(village.public_plots) for village in villages),
        "recognised_giving": sums["recognised_giving"] / len(villages),
        "effort": sums["effort"] / len(villages),
        "reached": tally["reached"] / households,
        "consenting": tally["consenting"] / households,
        **{name: float(tally[name]) for name in COUNTED},
        "disputes_arisen": float(tally["small_arisen"] + tally["large_arisen"]),
        "disputes_settled": float(tally["small_settled"] + tally["large_settled"]),
        "disputes_open": float(tally["small_open"] + tally["large_open"]),
        "agreed": tally["agreed_plan"] / len(villages),
        "chartered": tally["in_charter"] / len(villages),
        "started": tally["in_programme"] / len(villages),
        **{f"{kind}_hours": tally[f"{kind}_seconds"] / 3600.0 for kind in HOURS},
        "contact_hours_lost": tally["contact_seconds_lost"] / 3600.0,
        "given_yuan": sum(tally[f"given_{use}"] for use in USES) / 100.0,
        "given_by_households_yuan": tally["given_by_households"] / 100.0,
        "given_by_worthies_yuan": tally["given_by_worthies"] / 100.0,
        **{f"spent_{use}_yuan": tally[f"spent_{use}"] / 100.0 for use in USES},
        "programme_yuan": tally["programme_fen"] / 100.0,
        **{f"climbs_{term}": float(tally[f"climbs_{term}"]) for term in ("predisposition", *TERMS, "several")},
    }


def totals(town: Town, weeks: Sequence[dict[str, Row]]) -> Row:
    """Return the outcomes of a run from the rows of all its weeks."""

    def series(name: str) -> list[float]:
        return [rows["all"][name] for rows in weeks]

    def summed(name: str) -> float:
        return pairwise_sum(series(name))

    last, adopted = weeks[-1], series("adopted")
    households = last["all"]["households"]
    members = sum(village.party_members for village in town.facts.villages)
    visits = [(village.visits_so_far, village.facts.contact) for village in town.villages]
    yuan = in_order(summed(f"spent_{use}_yuan") for use in USES) + summed("programme_yuan")
    unpaid = in_order(summed(f"{kind}_hours") for kind in UNPAID)
    hours = unpaid + in_order(summed(f"{kind}_hours") for kind in PAID)
    kept = last["all"]["adopted"] * households
    return {
        **{name: last["all"][name] for name in AT_THE_END},
        "coercion": last["all"]["pushed"],
        "newcomer_gap": last["local"]["adopted"] - last["newcomer"]["adopted"],
        "mean_adopted": pairwise_sum(adopted) / len(adopted),
        "peak_adopted": max(adopted),
        "weeks_to_half": weeks_to(adopted, 0.5),
        "weeks_to_80": weeks_to(adopted, 0.8),
        "adopted_year_after": a_year_after(town, adopted),
        "disputes_settled_share": ratio(summed("disputes_settled"), summed("disputes_arisen")),
        "weeks_to_agreement": weeks_to(series("agreed"), 1.0),
        "contacts_per_member_year": fsum(
            made * contact.persons_per_visit / members / len(weeks) * contact.period_weeks for made, contact in visits
        ),
        "visits_per_household_year": fsum(
            made / households / len(weeks) * contact.period_weeks for made, contact in visits
        ),
        "yuan": yuan,
        "hours": hours,
        "unpaid_hours": unpaid,
        "own_hours": summed("own_hours"),
        "yuan_per_adopted": ratio(yuan, kept),
        "hours_per_adopted": ratio(hours, kept),
        "climbs": in_order(summed(f"climbs_{term}") for term in ("predisposition", *TERMS, "several")),
        "slips": summed("slips"),
    }


def weeks_to(values: Sequence[float], bound: float) -> float:
    """Return the weeks until a bound is first reached; NaN if it never is."""
    return next((float(week + 1) for week, value in enumerate(values) if value >= bound), nan)


def a_year_after(town: Town, adopted: Sequence[float]) -> float:
    """Return what has adopted a year after the last lever's stop; NaN if one goes on, or if that lies beyond the run.

    What is rolled out stops last where it began last; where it never began it counts for nothing.
    """
    programme = town.programme
    begun = [village.started for village in town.villages if village.started is not None]
    stops: list[int | None] = []
    for lever in programme.levers:
        if lever is programme.rollout or (programme.is_spread(lever) and not begun):
            continue
        later = max(begun) if programme.is_spread(lever) else 0
        stops.append(None if lever.stop is None else later + lever.stop)
    if not stops or None in stops:
        return nan
    week = max(stops) + YEAR - 1
    return adopted[week] if week < len(adopted) else nan
