"""Outcomes: what is observed of a run, each with a unit and a meaning, weekly and in total.

The weekly table has a row for each week and group of households; what belongs to the whole village (hours, money,
trust) stands in the rows of group ``all`` and is NaN in the others. Weeks count from 0 like a lever's start; a row is
the state at the end of its week.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from sim import tallies as t
from sim.interventions import GIFT_USES
from sim.programme import active
from sim.scenario.schema import Scenario
from sim.world.columns import CELLS, F64, I64, RUNGS

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
    *(Outcome(f"climbs_{term}", "households", f"climbs tipped by {term}") for term in t.TERMS),
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


def group_cells(group: str) -> npt.NDArray[np.bool_]:
    """Return which of the cells (newcomer, member bits; rung; yard), shape (4, 4, 2), make up a group."""
    cells = np.zeros((4, len(RUNGS), 2), np.bool_)
    cells[{"all": [0, 1, 2, 3], "local": [0, 2], "newcomer": [1, 3], "member": [2, 3]}[group]] = True
    return cells


def _ratio(top: npt.NDArray[np.generic], bottom: npt.NDArray[np.generic]) -> F64:
    """Return top / bottom, NaN where there is nothing below."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(bottom) > 0, np.asarray(top, float) / np.asarray(bottom, float), np.nan)


def weekly_table(counts: I64, totals: F64, public_plots: int, villages: int = 1) -> Columns:
    """Return the weekly table as columns, rows by week and then by group.

    counts : (weeks, INTEGERS) and totals : (weeks, FLOATS), summed over `villages` (recognised giving and
    effort: their means).
    """
    weeks = counts.shape[0]
    cells = counts[:, :CELLS].reshape(weeks, 4, len(RUNGS), 2)
    table = {name: np.full((weeks, len(GROUPS)), np.nan) for name in (o.name for o in WEEKLY)}
    for g, group in enumerate(GROUPS):
        mine = cells * group_cells(group)
        size = mine.sum(axis=(1, 2, 3))
        table["households"][:, g] = size
        by_rung = mine.sum(axis=(1, 3))
        for s, rung in enumerate(RUNGS):
            table[rung][:, g] = _ratio(by_rung[:, s], size)
        table["adopted"][:, g] = _ratio(by_rung[:, 2:].sum(axis=1), size)
        table["clean"][:, g] = _ratio(mine[..., 1].sum(axis=(1, 2)), size)
    households = table["households"][:, 0]
    for name, row in (
        ("trust", t.TRUST_SUM), ("persuasion", t.PERSUASION_SUM), ("clutter", t.CLUTTER_SUM),
        ("passivity", t.PASSIVITY_SUM),
    ):  # fmt: skip
        table[name][:, 0] = totals[:, row] / households
    table["public_cleanliness"][:, 0] = totals[:, t.PUBLIC_SUM] / public_plots
    table["recognised_giving"][:, 0] = totals[:, t.RECOGNISED_GIVING]
    table["reached"][:, 0] = counts[:, t.REACHED] / households
    for name, row in (
        ("visits", t.VISITS), ("messages", t.MESSAGES), ("talks", t.TALKS), ("calls", t.CALLS),
        ("volunteers", t.VOLUNTEERS), ("works_finished", t.WORKS_FINISHED), ("slips", t.SLIPPED),
        ("joined", t.JOINED_TEAM), ("left", t.LEFT_TEAM), ("plaques", t.PLAQUES_GIVEN),
        ("large_disputes_open", t.LARGE_OPEN),
    ):  # fmt: skip
        table[name][:, 0] = counts[:, row]
    for name, row in (
        ("contact_hours", t.CONTACT_SECONDS), ("contact_hours_lost", t.CONTACT_SECONDS_LOST),
        ("volunteer_hours", t.VOLUNTEER_SECONDS), ("plot_hours", t.PLOT_SECONDS), ("help_hours", t.HELP_SECONDS),
        ("paid_hours", t.PAID_SECONDS), ("caller_hours", t.CALLER_SECONDS), ("contractor_hours", t.CONTRACTOR_SECONDS),
        ("upkeep_hours", t.UPKEEP_SECONDS), ("own_hours", t.OWN_SECONDS), ("programme_hours", t.PROGRAMME_SECONDS),
    ):  # fmt: skip
        table[name][:, 0] = counts[:, row] / 3600.0
    table["given_yuan"][:, 0] = counts[:, t.GIVEN : t.GIVEN + len(GIFT_USES)].sum(axis=1) / 100.0
    table["given_by_households_yuan"][:, 0] = counts[:, t.GIVEN_BY_HOUSEHOLDS] / 100.0
    table["given_by_worthies_yuan"][:, 0] = counts[:, t.GIVEN_BY_WORTHIES] / 100.0
    table["effort"][:, 0] = totals[:, t.EFFORT_OF]
    table["disputes_arisen"][:, 0] = counts[:, t.SMALL_ARISEN] + counts[:, t.LARGE_ARISEN]
    table["disputes_settled"][:, 0] = counts[:, t.SMALL_SETTLED] + counts[:, t.LARGE_SETTLED]
    table["disputes_open"][:, 0] = counts[:, t.SMALL_OPEN] + counts[:, t.LARGE_OPEN]
    table["consenting"][:, 0] = counts[:, t.CONSENTING] / households
    for name, row in (("agreed", t.AGREED_PLAN), ("chartered", t.IN_CHARTER), ("started", t.IN_PROGRAMME)):
        table[name][:, 0] = counts[:, row] / villages
    table["programme_yuan"][:, 0] = counts[:, t.PROGRAMME_FEN] / 100.0
    for k, use in enumerate(GIFT_USES):
        table[f"spent_{use}_yuan"][:, 0] = counts[:, t.SPENT + k] / 100.0
    for k, term in enumerate(t.TERMS):
        table[f"climbs_{term}"][:, 0] = counts[:, t.CLIMBED + k]
    columns: Columns = {
        "week": np.repeat(np.arange(weeks, dtype=np.int32), len(GROUPS)),
        "group": np.tile(np.array(GROUPS), weeks),
    }
    columns.update({name: values.ravel() for name, values in table.items()})
    return columns


def village_outcomes(counts: I64, totals: F64) -> Columns:
    """Return the outcomes of each village: those of `BY_VILLAGE`, shape (villages,), and weekly ones, (villages, weeks).

    counts : (weeks, villages, INTEGERS) and totals : (weeks, villages, FLOATS), at least a week.
    """
    weeks, villages = counts.shape[:2]
    cells = counts[:, :, :CELLS].reshape(weeks, villages, 4, len(RUNGS), 2)
    by_rung = cells.sum(axis=(2, 4))
    households = by_rung[0].sum(axis=1)
    adopted = by_rung[:, :, 2:].sum(axis=2) / households
    clean = cells[..., 1].sum(axis=(2, 3)) / households
    last = by_rung[-1] / households[:, None]
    return {
        "households": households,
        "visits": counts[:, :, t.VISITS].sum(axis=0),
        "adopted": adopted[-1],
        "clean": clean[-1],
        "self_initiated": last[:, RUNGS.index("self_initiated")],
        "coercion": last[:, RUNGS.index("pushed")],
        "mean_adopted": adopted.mean(axis=0),
        "weeks_to_half": np.array([weeks_to(adopted[:, v], 0.5) for v in range(villages)]),
        "weeks_to_80": np.array([weeks_to(adopted[:, v], 0.8) for v in range(villages)]),
        "trust": totals[-1, :, t.TRUST_SUM] / households,
        "weekly.adopted": np.ascontiguousarray(adopted.T),
        "weekly.clean": np.ascontiguousarray(clean.T),
    }


def total_outcomes(weekly: Columns, scenario: Scenario, visits: npt.NDArray[np.generic]) -> dict[str, float]:
    """Return the outcomes of a run, by the names of `TOTALS`.

    visits : members' visits in each village, all weeks, shape (villages,).
    """
    by_group = {
        name: np.asarray(values, float).reshape(-1, len(GROUPS)) for name, values in weekly.items() if name != "group"
    }

    def series(name: str) -> F64:
        return by_group[name][:, 0]

    adopted = series("adopted")
    weeks = adopted.size
    last = {group: by_group["adopted"][-1, g] for g, group in enumerate(GROUPS)}
    households = float(series("households")[-1])
    members = sum(village.party_members for village in scenario.villages)
    # Each village's visits by its own figures; the sums are exact, so that the order of villages can't matter.
    contact = [(n, village.contact) for n, village in zip(visits.tolist(), scenario.villages, strict=True)]
    yuan = float(sum(series(f"spent_{use}_yuan").sum() for use in GIFT_USES) + series("programme_yuan").sum())
    unpaid = sum(series(f"{kind}_hours").sum() for kind in ("contact", "volunteer", "caller", "programme"))
    hours = float(unpaid + sum(series(f"{kind}_hours").sum() for kind in ("paid", "contractor", "upkeep")))
    kept = last["all"] * households
    begun = np.flatnonzero(np.diff(series("started"), prepend=0.0) > 0)
    stop = last_stop(scenario, int(begun[-1]) if begun.size else None)
    after = None if stop is None else stop + YEAR - 1
    return {
        "adopted": last["all"],
        "clean": float(series("clean")[-1]),
        "self_initiated": float(series("self_initiated")[-1]),
        "coercion": float(series("pushed")[-1]),
        "newcomer_gap": last["local"] - last["newcomer"],
        "mean_adopted": float(adopted.mean()),
        "peak_adopted": float(adopted.max()),
        "weeks_to_half": weeks_to(adopted, 0.5),
        "weeks_to_80": weeks_to(adopted, 0.8),
        "adopted_year_after": float(adopted[after]) if after is not None and after < weeks else float("nan"),
        "public_cleanliness": float(series("public_cleanliness")[-1]),
        "trust": float(series("trust")[-1]),
        "reached": float(series("reached")[-1]),
        "disputes_settled_share": _share(series("disputes_settled").sum(), series("disputes_arisen").sum()),
        "weeks_to_agreement": weeks_to(series("agreed"), 1.0),
        "contacts_per_member_year": fsum(
            n * c.persons_per_visit / members / weeks * c.period_weeks for n, c in contact
        ),
        "visits_per_household_year": fsum(n / households / weeks * c.period_weeks for n, c in contact),
        "yuan": yuan,
        "hours": hours,
        "unpaid_hours": float(unpaid),
        "own_hours": float(series("own_hours").sum()),
        "yuan_per_adopted": yuan / kept if kept > 0 else float("nan"),
        "hours_per_adopted": hours / kept if kept > 0 else float("nan"),
        "climbs": float(sum(series(f"climbs_{term}").sum() for term in t.TERMS)),
        "slips": float(series("slips").sum()),
    }


def _share(part: float, whole: float) -> float:
    """Return part / whole, NaN where there is nothing."""
    return float(part / whole) if whole > 0 else float("nan")


def weeks_to(adopted: F64, share: float) -> float:
    """Return the weeks until `adopted` first reaches a share, NaN if it never does."""
    there = np.flatnonzero(adopted >= share)
    return float(there[0] + 1) if there.size else float("nan")


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
