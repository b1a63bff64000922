"""Outcomes: what is observed of a run, each with a unit and a meaning, weekly and in total.

The weekly table has a row for each week and group of households; what belongs to the whole village (hours, money,
trust) stands in the rows of group ``all`` and is NaN in the others. Weeks count from 0 like a lever's start; a row is
the state at the end of its week.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from math import fsum

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64, I64
from sim.engine import tallies as t
from sim.engine.programme import active
from sim.engine.terms import TERMS
from sim.engine.world.columns import RUNGS
from sim.interventions import GIFT_USES
from sim.scenario.schema import Scenario

GROUPS = ("all", "local", "newcomer", "member")
Columns = dict[str, npt.NDArray[np.generic]]
YEAR = 52
"""Weeks after the programme stops at which retention is asked for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome: its name (a column), unit, meaning, and whether it is told by group."""

    name: str
    unit: str
    meaning: str
    by_group: bool = False


WEEKLY: tuple[Outcome, ...] = (
    Outcome("households", "households", "households of the group", True),
    *(Outcome(rung, "share", f"households on the rung '{rung}'", True) for rung in RUNGS),
    Outcome("adopted", "share", "households that help or act of their own accord (the two upper rungs)", True),
    Outcome("clean", "share", "yards that are clean", True),
    Outcome("trust", "0..1", "mean trust in the village's organisation"),
    Outcome("persuasion", "logit", "mean stock of persuasion"),
    Outcome("clutter", "hours", "mean clutter outstanding"),
    Outcome("passivity", "0..1", "mean share of recent clearing done by others instead"),
    Outcome("public_cleanliness", "0..1", "mean cleanliness of public plots"),
    Outcome("recognised_giving", "yuan/household", "stock of recognised giving, mean over villages"),
    Outcome("reached", "share", "households visited by a member at least once so far"),
    Outcome("visits", "visits", "members' visits in the week"),
    Outcome("messages", "visits", "of these, visits that spoke of the yard"),
    Outcome("talks", "talks", "talks with a self-initiated neighbour or tie"),
    Outcome("calls", "calls", "calls of volunteers, worthies, representatives and cadres"),
    Outcome("volunteers", "persons", "active volunteers"),
    Outcome("joined", "households", "households that joined the volunteers by themselves in the week"),
    Outcome("left", "households", "of those who had joined, households that left"),
    Outcome("effort", "1", "organisers' effort, 1 at full routine, mean over villages"),
    Outcome("disputes_arisen", "disputes", "disputes that arose in the week"),
    Outcome("disputes_settled", "disputes", "disputes settled in the week"),
    Outcome("disputes_open", "disputes", "disputes open"),
    Outcome("large_disputes_open", "disputes", "of these, large ones"),
    Outcome("consenting", "share", "households that consent to the plan; 0 without one"),
    Outcome("agreed", "share", "villages that have agreed to their plan"),
    Outcome("chartered", "share", "villages whose charter holds"),
    Outcome("started", "share", "villages that have begun with a programme that is rolled out"),
    Outcome("contact_hours", "hours", "members' time for visits"),
    Outcome("contact_hours_lost", "hours", "members' time that found nobody left to visit"),
    Outcome("volunteer_hours", "hours", "volunteers' time"),
    Outcome("plot_hours", "hours", "of it, used on public plots"),
    Outcome("help_hours", "hours", "of it, used in yards"),
    Outcome("caller_hours", "hours", "time of worthies, representatives and cadres for calls"),
    Outcome("contractor_hours", "hours", "contractors' time in yards"),
    Outcome("upkeep_hours", "hours", "time of property companies and others for public plots"),
    Outcome("paid_hours", "hours", "paid hands' time"),
    Outcome("own_hours", "hours", "households' own clearing"),
    Outcome("programme_hours", "hours", "organisers' time that levers state as their cost"),
    Outcome("given_yuan", "yuan", "gifts and collections"),
    Outcome("given_by_households_yuan", "yuan", "of it, collected from households"),
    Outcome("given_by_worthies_yuan", "yuan", "of it, worthies' own gifts besides the levers'"),
    Outcome("plaques", "plaques", "plaques given to clean yards"),
    *(Outcome(f"spent_{use}_yuan", "yuan", f"spent on {use}") for use in GIFT_USES),
    Outcome("programme_yuan", "yuan", "organisers' money that levers state as their cost"),
    Outcome("works_finished", "plots", "public plots turned into amenities in the week"),
    Outcome("slips", "households", "households that slipped a rung"),
    *(Outcome(f"climbs_{term}", "households", f"climbs tipped by {term}") for term in TERMS),
)

TOTALS: tuple[Outcome, ...] = (
    Outcome("adopted", "share", "households that have adopted, in the last week"),
    Outcome("clean", "share", "clean yards, in the last week"),
    Outcome("self_initiated", "share", "households that act of their own accord, in the last week"),
    Outcome("coercion", "share", "households that are only pushed, in the last week"),
    Outcome("newcomer_gap", "share", "adopted locals less adopted newcomers, in the last week"),
    Outcome("mean_adopted", "share", "adopted, mean over all weeks"),
    Outcome("peak_adopted", "share", "adopted, in the best week"),
    Outcome("weeks_to_half", "weeks", "weeks until half have adopted; NaN if never"),
    Outcome("weeks_to_80", "weeks", "weeks until 80 % have adopted; NaN if never"),
    Outcome(
        "adopted_year_after",
        "share",
        "adopted a year after the last lever stopped, in the last village that began where levers are rolled out; NaN "
        "if one goes on or that lies beyond the run",
    ),
    Outcome("public_cleanliness", "0..1", "mean cleanliness of public plots, in the last week"),
    Outcome("trust", "0..1", "mean trust, in the last week"),
    Outcome("reached", "share", "households visited by a member at least once"),
    Outcome("disputes_settled_share", "share", "disputes settled of those that arose; NaN if none arose"),
    Outcome("weeks_to_agreement", "weeks", "weeks until every village has agreed to its plan; NaN if one never does"),
    Outcome(
        "contacts_per_member_year",
        "contacts",
        "persons met by a member in a year of its village's contact figures (S02)",
    ),
    Outcome("visits_per_household_year", "visits", "members' visits to a household in such a year (S03)"),
    Outcome("yuan", "yuan", "spent: gifts, collections and what levers state as their cost"),
    Outcome(
        "hours",
        "hours",
        "hours of visits, volunteers, other callers, paid hands, contractors, upkeep, and levers' stated cost",
    ),
    Outcome(
        "unpaid_hours",
        "hours",
        "of it, what money doesn't buy: visits, volunteers, other callers and levers' stated cost",
    ),
    Outcome("own_hours", "hours", "households' own clearing"),
    Outcome("yuan_per_adopted", "yuan/household", "yuan by household that has adopted in the last week; NaN if none"),
    Outcome(
        "hours_per_adopted", "hours/household", "hours by household that has adopted in the last week; NaN if none"
    ),
    Outcome("climbs", "households", "climbs, all weeks"),
    Outcome("slips", "households", "slips, all weeks"),
)

BY_VILLAGE: tuple[Outcome, ...] = (
    Outcome("households", "households", "households of the village"),
    Outcome("visits", "visits", "members' visits, all weeks"),
    *(
        outcome
        for outcome in TOTALS
        if outcome.name
        in ("adopted", "clean", "self_initiated", "coercion", "mean_adopted", "weeks_to_half", "weeks_to_80", "trust")
    ),
)
"""What is kept of each village of a world of several."""
WEEKLY_BY_VILLAGE = ("adopted", "clean")
"""The weekly outcomes kept of each, under ``weekly.NAME``."""


SUMS = {
    "given": [one for one in t.TALLIES if t.TALLIES[one].group == "given"],
    **{what: [f"small_{what}", f"large_{what}"] for what in ("arisen", "settled", "open")},
}
"""Sums of tallies."""
ROWS = {name: row for row, name in enumerate((*t.TALLIES, *t.MEASURES, *SUMS))}
"""Rows of the record, see `_record`: tallies, measures, and sums of tallies."""
# What a row is divided by to make an outcome: tallies count seconds and fen, and sum over households and villages.
ONE, HOUR, YUAN, HOUSEHOLDS, VILLAGES, PUBLIC_PLOTS = range(6)

OF_RECORD: dict[str, tuple[str, int]] = {
    "trust": ("trust", HOUSEHOLDS), "persuasion": ("persuasion", HOUSEHOLDS),
    "clutter": ("clutter", HOUSEHOLDS), "passivity": ("passivity", HOUSEHOLDS),
    "public_cleanliness": ("public_cleanliness", PUBLIC_PLOTS), "effort": ("effort", ONE),
    "recognised_giving": ("recognised_giving", ONE), "reached": ("reached", HOUSEHOLDS),
    "visits": ("visits", ONE), "messages": ("messages", ONE), "talks": ("talks", ONE), "calls": ("calls", ONE),
    "volunteers": ("volunteers", ONE), "joined": ("joined", ONE), "left": ("left", ONE),
    "disputes_arisen": ("arisen", ONE), "disputes_settled": ("settled", ONE), "disputes_open": ("open", ONE),
    "large_disputes_open": ("large_open", ONE), "consenting": ("consenting", HOUSEHOLDS),
    "agreed": ("agreed_plan", VILLAGES), "chartered": ("in_charter", VILLAGES), "started": ("in_programme", VILLAGES),
    "contact_hours": ("contact_seconds", HOUR), "contact_hours_lost": ("contact_seconds_lost", HOUR),
    "volunteer_hours": ("volunteer_seconds", HOUR), "plot_hours": ("plot_seconds", HOUR),
    "help_hours": ("help_seconds", HOUR), "caller_hours": ("caller_seconds", HOUR),
    "contractor_hours": ("contractor_seconds", HOUR), "upkeep_hours": ("upkeep_seconds", HOUR),
    "paid_hours": ("paid_seconds", HOUR), "own_hours": ("own_seconds", HOUR),
    "programme_hours": ("programme_seconds", HOUR), "given_yuan": ("given", YUAN),
    "given_by_households_yuan": ("given_by_households", YUAN), "given_by_worthies_yuan": ("given_by_worthies", YUAN),
    "plaques": ("plaques", ONE), **{f"spent_{use}_yuan": (f"spent_{use}", YUAN) for use in GIFT_USES},
    "programme_yuan": ("programme_fen", YUAN), "works_finished": ("works_finished", ONE), "slips": ("slips", ONE),
    **{f"climbs_{term}": (f"climbs_{term}", ONE) for term in TERMS},
}  # fmt: skip
"""The weekly outcomes of the whole world only: what of the record each is, see `ROWS`, and what it is divided by."""
WEEKLY_NAMES = tuple(outcome.name for outcome in WEEKLY)
BY_GROUP = tuple(outcome.name for outcome in WEEKLY if outcome.by_group)
_ROWS = np.array([ROWS[what] for what, _ in OF_RECORD.values()])
_DIVISORS = np.array([divisor for _, divisor in OF_RECORD.values()])
_BY_GROUP_AT, _OF_RECORD_AT = (
    np.array([WEEKLY_NAMES.index(name) for name in names]) for names in (BY_GROUP, OF_RECORD)
)  # fmt: skip


def group_cells(group: str) -> npt.NDArray[np.bool_]:
    """Return which of the cells (newcomer, member bits; rung; yard), shape (4, 4, 2), make up a group."""
    cells = np.zeros((4, len(RUNGS), 2), np.bool_)
    cells[{"all": [0, 1, 2, 3], "local": [0, 2], "newcomer": [1, 3], "member": [2, 3]}[group]] = True
    return cells


_GROUPS = np.array(GROUPS)
_GROUP_BITS = np.stack([group_cells(group)[:, 0, 0] for group in GROUPS]).astype(np.float64)
"""Which (newcomer, member bits) make up a group, shape (groups, 4)."""


def _record(counts: I64, totals: F64) -> F64:
    """Return the record with a row for each of `ROWS`, shape (rows, weeks); integers stay exact."""
    return np.vstack(
        [counts.T, totals.T, *(sum(counts.T[t.row(name)] for name in names) for names in SUMS.values())]
    ).astype(np.float64)


def _by_group(record: F64) -> F64:
    """Return the outcomes of `BY_GROUP`, shape (outcomes, groups, weeks); NaN for shares of a group without households."""
    weeks = record.shape[1]
    cells = (_GROUP_BITS @ record[t.rows("households")].reshape(4, -1)).reshape(len(GROUPS), len(RUNGS), 2, weeks)
    rungs = cells[:, :, 0] + cells[:, :, 1]
    size = rungs.sum(axis=1)
    found = np.empty((len(BY_GROUP), len(GROUPS), weeks))
    found[0], found[1 : 1 + len(RUNGS)] = size, rungs.transpose(1, 0, 2)
    found[-2], found[-1] = rungs[:, 2] + rungs[:, 3], cells[:, :, 1].sum(axis=1)
    found[1:] /= np.where(size > 0, size, np.nan)
    return found


def weekly_table(counts: I64, totals: F64, public_plots: int, villages: int = 1) -> Columns:
    """Return the weekly table as columns, rows by week and then by group.

    counts : (weeks, tallies) and totals : (weeks, measures), summed over `villages` (recognised giving and
    effort: their means).
    """
    weeks = counts.shape[0]
    record = _record(counts, totals)
    by_group = _by_group(record)
    divisors = np.empty((6, weeks))
    divisors[[ONE, HOUR, YUAN, VILLAGES, PUBLIC_PLOTS]] = np.array([[1], [3600], [100], [villages], [public_plots]])
    divisors[HOUSEHOLDS] = by_group[0, 0]
    table = np.full((len(WEEKLY), weeks, len(GROUPS)), np.nan)
    table[_BY_GROUP_AT] = by_group.transpose(0, 2, 1)
    table[_OF_RECORD_AT, :, 0] = record[_ROWS] / divisors[_DIVISORS]
    columns: Columns = {
        "week": np.arange(weeks * len(GROUPS), dtype=np.int32) // len(GROUPS),
        "group": np.full((weeks, len(GROUPS)), _GROUPS).ravel(),
    }
    columns.update(zip(WEEKLY_NAMES, table.reshape(len(WEEKLY), -1), strict=True))
    return columns


def village_outcomes(counts: I64, totals: F64) -> Columns:
    """Return the outcomes of each village: those of `BY_VILLAGE`, shape (villages,), and weekly ones, (villages, weeks).

    counts : (weeks, villages, tallies) and totals : (weeks, villages, measures), at least a week.
    """
    weeks, villages = counts.shape[:2]
    cells = counts[:, :, t.rows("households")].reshape(weeks, villages, 4, len(RUNGS), 2)
    by_rung = cells.sum(axis=(2, 4))
    households = by_rung[0].sum(axis=1)
    adopted = by_rung[:, :, 2:].sum(axis=2) / households
    clean = cells[..., 1].sum(axis=(2, 3)) / households
    last = by_rung[-1] / households[:, None]
    return {
        "households": households,
        "visits": counts[:, :, t.row("visits")].sum(axis=0),
        "adopted": adopted[-1],
        "clean": clean[-1],
        "self_initiated": last[:, RUNGS.index("self_initiated")],
        "coercion": last[:, RUNGS.index("pushed")],
        "mean_adopted": adopted.mean(axis=0),
        "weeks_to_half": np.array([weeks_to(adopted[:, v], 0.5) for v in range(villages)]),
        "weeks_to_80": np.array([weeks_to(adopted[:, v], 0.8) for v in range(villages)]),
        "trust": totals[-1, :, t.measure_row("trust")] / households,
        "weekly.adopted": np.ascontiguousarray(adopted.T),
        "weekly.clean": np.ascontiguousarray(clean.T),
    }


UNPAID, PAID = ("contact", "volunteer", "caller", "programme"), ("paid", "contractor", "upkeep")
FLOWS = (
    "disputes_settled", "disputes_arisen", "own_hours", "slips", "programme_yuan",
    *(f"{kind}_hours" for kind in UNPAID + PAID), *(f"spent_{use}_yuan" for use in GIFT_USES),
    *(f"climbs_{term}" for term in TERMS),
)  # fmt: skip
"""Weekly outcomes whose sums over the weeks are asked for."""


def total_outcomes(weekly: Columns, scenario: Scenario, visits: npt.NDArray[np.generic]) -> dict[str, float]:
    """Return the outcomes of a run, by the names of `TOTALS`.

    visits : members' visits in each village, all weeks, shape (villages,).
    """

    def series(name: str) -> F64:
        return np.asarray(weekly[name], float)[:: len(GROUPS)]

    def last(name: str, group: int = 0) -> float:
        return float(weekly[name][group - len(GROUPS)])

    flows = np.concatenate([weekly[name] for name in FLOWS]).reshape(len(FLOWS), -1, len(GROUPS))[:, :, 0]
    total = dict(zip(FLOWS, map(float, flows.sum(axis=1)), strict=True))
    adopted = series("adopted")
    weeks = adopted.size
    households = last("households")
    members = sum(village.party_members for village in scenario.villages)
    # Each village's visits by its own figures; the sums are exact, so that the order of villages can't matter.
    contact = [(n, village.contact) for n, village in zip(visits.tolist(), scenario.villages, strict=True)]
    yuan = added(total[f"spent_{use}_yuan"] for use in GIFT_USES) + total["programme_yuan"]
    unpaid = added(total[f"{kind}_hours"] for kind in UNPAID)
    hours = unpaid + added(total[f"{kind}_hours"] for kind in PAID)
    kept = last("adopted") * households
    begun = np.flatnonzero(np.diff(series("started"), prepend=0.0) > 0)
    stop = last_stop(scenario, int(begun[-1]) if begun.size else None)
    after = None if stop is None else stop + YEAR - 1
    return {
        "adopted": last("adopted"),
        "clean": last("clean"),
        "self_initiated": last("self_initiated"),
        "coercion": last("pushed"),
        "newcomer_gap": last("adopted", GROUPS.index("local")) - last("adopted", GROUPS.index("newcomer")),
        "mean_adopted": float(adopted.mean()),
        "peak_adopted": float(adopted.max()),
        "weeks_to_half": weeks_to(adopted, 0.5),
        "weeks_to_80": weeks_to(adopted, 0.8),
        "adopted_year_after": float(adopted[after]) if after is not None and after < weeks else float("nan"),
        "public_cleanliness": last("public_cleanliness"),
        "trust": last("trust"),
        "reached": last("reached"),
        "disputes_settled_share": _share(total["disputes_settled"], total["disputes_arisen"]),
        "weeks_to_agreement": weeks_to(series("agreed"), 1.0),
        "contacts_per_member_year": fsum(
            n * c.persons_per_visit / members / weeks * c.period_weeks for n, c in contact
        ),
        "visits_per_household_year": fsum(n / households / weeks * c.period_weeks for n, c in contact),
        "yuan": yuan,
        "hours": hours,
        "unpaid_hours": unpaid,
        "own_hours": total["own_hours"],
        "yuan_per_adopted": yuan / kept if kept > 0 else float("nan"),
        "hours_per_adopted": hours / kept if kept > 0 else float("nan"),
        "climbs": added(total[f"climbs_{term}"] for term in TERMS),
        "slips": total["slips"],
    }


def added(values: Iterable[float]) -> float:
    """Return the sum, added one after the other: Python's own sum rounds otherwise from 3.12 on."""
    return reduce(float.__add__, values, 0.0)


def _share(part: float, whole: float) -> float:
    """Return part / whole, NaN where there is nothing."""
    return float(part / whole) if whole > 0 else float("nan")


def weeks_to(adopted: F64, share: float) -> float:
    """Return the weeks until `adopted` first reaches a share, NaN if it never does."""
    there = adopted >= share
    first = int(there.argmax())
    return float(first + 1) if there[first] else float("nan")


def last_stop(scenario: Scenario, last_begin: int | None = None) -> int | None:
    """Return the week in which the last lever stops, in the last village; None without levers or if one goes on.

    last_begin : week in which the last village began with levers that are rolled out, which stop so much later there;
    None if none has begun, so that they never acted.
    """
    items = active(scenario)
    rollout = next((item for item in items if item.spreads()), None)
    stops: list[int | None] = []
    for item in items:
        if rollout is None or not (item is rollout or rollout.spreads_to(item.name)):
            stops.append(item.stop)
        elif item is not rollout and last_begin is not None:
            stops.append(None if item.stop is None else last_begin + item.stop)
    return max((s for s in stops if s is not None), default=None) if None not in stops else None
