"""Every outcome is declared here, once: those of each week, those of a run, and those of each village.

A new outcome goes into `WEEKLY` if a tally or measure gives it week by week, and into `TOTALS` if it sums up a run. Every run,
table, figure and reference page then has it. Columns of files and tables have the order of these lists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.engine import tallies as t
from sim.engine.outcomes.declaration import (
    Added,
    Greatest,
    Households,
    Last,
    Mean,
    Measured,
    Per,
    Sum,
    Tallied,
    Total,
    Weekly,
    WeeksUntil,
)
from sim.engine.outcomes.weeks import (
    SPENT,
    UNPAID,
    Weeks,
    adopted_year_after,
    contacts_per_member_year,
    disputes_settled_share,
    hours,
    hours_per_adopted,
    newcomer_gap,
    visits_per_household_year,
    yuan_per_adopted,
)
from sim.engine.terms import TERMS
from sim.interventions import GIFT_USES

ADOPTION, VILLAGE, CONTACT, ORGANISERS = "adoption", "the village", "contact", "organisers"
DISPUTES, AGREEMENT, TIME, MONEY, CLIMBS = "disputes", "agreement", "time", "money", "climbs and slips"


def _count(label: str, topic: str, *tallies: str, name: str = "", unit: str = "", meaning: str = "") -> Weekly:
    """Return the sum of some tallies, by default with the name, unit and meaning of the first."""
    tally = t.TALLIES[tallies[0]]
    return Weekly(name or tally.name, unit or tally.unit, label, meaning or tally.meaning, topic, Tallied(tallies))


def _hours(name: str, label: str, tally: str, meaning: str = "") -> Weekly:
    return Weekly(name, "hours", label, meaning or t.TALLIES[tally].meaning, TIME, Tallied((tally,), Per.HOUR))


def _yuan(name: str, label: str, *tallies: str, meaning: str = "") -> Weekly:
    return Weekly(name, "yuan", label, meaning or t.TALLIES[tallies[0]].meaning, MONEY, Tallied(tallies, Per.YUAN))


WEEKLY: tuple[Weekly, ...] = (
    Weekly("households", "households", "households", "households of the group", ADOPTION, Households(share=False)),
    Weekly("watching", "share", "watching", "households on the rung 'watching'", ADOPTION, Households(("watching",)),
           axis="Households that watch", curve="then"),
    Weekly("pushed", "share", "pushed", "households on the rung 'pushed'", ADOPTION, Households(("pushed",)),
           axis="Households that are pushed", curve="then"),
    Weekly("helping", "share", "helping", "households on the rung 'helping'", ADOPTION, Households(("helping",)),
           axis="Households that help", curve="then"),
    Weekly("self_initiated", "share", "self-initiated", "households on the rung 'self_initiated'", ADOPTION,
           Households(("self_initiated",)), axis="Self-initiated households", curve="then"),
    Weekly("adopted", "share", "adopted", "households that help or act of their own accord (the two upper rungs)", ADOPTION,
           Households(("helping", "self_initiated")), axis="Households that have adopted", curve="first", by_village=True),
    Weekly("clean", "share", "clean yards", "yards that are clean", ADOPTION, Households(clean=True), curve="first",
           by_village=True),
    Weekly("trust", "0..1", "trust", "mean trust in the village's organisation", VILLAGE, Measured("trust", Per.HOUSEHOLD),
           axis="Mean trust"),
    Weekly("persuasion", "logit", "persuasion", "mean stock of persuasion", VILLAGE, Measured("persuasion", Per.HOUSEHOLD),
           axis="Mean stock of persuasion"),
    Weekly("clutter", "hours", "clutter", "mean clutter outstanding", VILLAGE, Measured("clutter", Per.HOUSEHOLD),
           axis="Mean clutter"),
    Weekly("passivity", "0..1", "passivity", "mean share of recent clearing done by others instead", VILLAGE,
           Measured("passivity", Per.HOUSEHOLD), axis="Mean passivity"),
    Weekly("public_cleanliness", "0..1", "public cleanliness", "mean cleanliness of public plots", VILLAGE,
           Measured("public_cleanliness", Per.PUBLIC_PLOT), axis="Cleanliness of public plots"),
    Weekly("recognised_giving", "yuan/household", "recognised giving", "stock of recognised giving, mean over villages",
           VILLAGE, Measured("recognised_giving", Per.VILLAGE)),
    Weekly("reached", "share", "reached", "households visited by a member at least once so far", CONTACT,
           Tallied(("reached",), Per.HOUSEHOLD), axis="Households visited so far"),
    _count("members' visits", CONTACT, "visits"),
    _count("visits about the yard", CONTACT, "messages"),
    _count("talks", CONTACT, "talks"),
    _count("calls", CONTACT, "calls"),
    _count("volunteers", ORGANISERS, "volunteers", unit="persons"),
    _count("joined the volunteers", ORGANISERS, "joined"),
    _count("left the volunteers", ORGANISERS, "left"),
    Weekly("effort", "1", "organisers' effort", "organisers' effort, 1 at full routine, mean over villages", ORGANISERS,
           Measured("effort", Per.VILLAGE)),
    _count("disputes that arose", DISPUTES, "small_arisen", "large_arisen", name="disputes_arisen",
           meaning="disputes that arose"),
    _count("disputes settled", DISPUTES, "small_settled", "large_settled", name="disputes_settled",
           meaning="disputes settled"),
    _count("open disputes", DISPUTES, "small_open", "large_open", name="disputes_open",
           meaning="disputes open at the end of the week"),
    _count("large open disputes", DISPUTES, "large_open", name="large_disputes_open"),
    Weekly("consenting", "share", "consenting", "households that consent to the plan; 0 without one", AGREEMENT,
           Tallied(("consenting",), Per.HOUSEHOLD), axis="Households that consent to the plan"),
    Weekly("agreed", "share", "agreed villages", "villages that have agreed to their plan", AGREEMENT,
           Tallied(("agreed_plan",), Per.VILLAGE), axis="Villages that agreed to their plan"),
    Weekly("chartered", "share", "villages with rules", "villages whose rules hold", AGREEMENT,
           Tallied(("in_charter",), Per.VILLAGE), axis="Villages with rules"),
    Weekly("started", "share", "villages that have begun", "villages that have begun with a programme that is rolled out",
           AGREEMENT, Tallied(("in_programme",), Per.VILLAGE)),
    _hours("contact_hours", "members' visiting time", "contact_seconds"),
    _hours("contact_hours_lost", "members' lost time", "contact_seconds_lost"),
    _hours("volunteer_hours", "volunteers' time", "volunteer_seconds"),
    _hours("plot_hours", "volunteers' time on public plots", "plot_seconds"),
    _hours("help_hours", "volunteers' time in yards", "help_seconds"),
    _hours("caller_hours", "other callers' time", "caller_seconds",
           "time of worthies, representatives and cadres for calls"),
    _hours("contractor_hours", "contractors' time", "contractor_seconds"),
    _hours("upkeep_hours", "upkeep of public plots", "upkeep_seconds"),
    _hours("paid_hours", "paid hands' time", "paid_seconds"),
    _hours("own_hours", "households' own clearing", "own_seconds"),
    _hours("programme_hours", "stated time of interventions", "programme_seconds"),
    _yuan("given_yuan", "gifts and collections", *(one.name for one in t.TALLIES.values() if one.group == "given"),
          meaning="gifts and collections"),
    _yuan("given_by_households_yuan", "collected from households", "given_by_households"),
    _yuan("given_by_worthies_yuan", "worthies' own gifts", "given_by_worthies"),
    _count("plaques", VILLAGE, "plaques"),
    *(_yuan(f"spent_{use}_yuan", f"spent on {use}", f"spent_{use}") for use in GIFT_USES),
    _yuan("programme_yuan", "stated money of interventions", "programme_fen"),
    _count("works finished", VILLAGE, "works_finished"),
    _count("slips", CLIMBS, "slips"),
    *(_count(f"climbs by {term.label}", CLIMBS, f"climbs_{term.name}") for term in TERMS.values()),
)  # fmt: skip


def _of(name: str, meaning: str, how: Callable[[Weeks], float], **more: Any) -> Total:
    """Return a total with the unit, label, axis and topic of the weekly outcome of the same name."""
    one = next(weekly for weekly in WEEKLY if weekly.name == name)
    return Total(name, one.unit, one.label, meaning, one.topic, how, axis=one.axis, **more)


def _last(name: str, meaning: str, **more: Any) -> Total:
    return _of(name, meaning, Last(name), **more)


def _sum(name: str, meaning: str, **more: Any) -> Total:
    return _of(name, meaning, Sum(name), **more)


TOTALS: tuple[Total, ...] = (
    _last("adopted", "households that have adopted, in the last week", by_village=True, main=True, effect="first",
          interaction=True),
    _last("clean", "clean yards, in the last week", by_village=True, main=True, effect="first", interaction=True),
    _last("self_initiated", "households that act of their own accord, in the last week", by_village=True, main=True,
          effect="first", interaction=True),
    Total("coercion", "share", "coercion", "households that are only pushed, in the last week", ADOPTION, Last("pushed"),
          by_village=True, effect="then"),
    Total("newcomer_gap", "share", "local-newcomer gap", "adopted locals less adopted newcomers, in the last week", ADOPTION,
          newcomer_gap, main=True, effect="first"),
    Total("mean_adopted", "share", "adopted, mean of weeks", "adopted, mean over all weeks", ADOPTION, Mean("adopted"),
          by_village=True, effect="then", interaction=True),
    Total("peak_adopted", "share", "adopted, best week", "adopted, in the best week", ADOPTION, Greatest("adopted")),
    Total("weeks_to_half", "weeks", "time to half adopted", "weeks until half have adopted; undefined if never", ADOPTION,
          WeeksUntil("adopted", 0.5), by_village=True, effect="then"),
    Total("weeks_to_80", "weeks", "time to 80 % adopted", "weeks until 80 % have adopted; undefined if never", ADOPTION,
          WeeksUntil("adopted", 0.8), by_village=True),
    Total("adopted_year_after", "share", "adopted a year after",
          "adopted a year after the last intervention stopped, in the last village that began where interventions are rolled "
          "out; undefined if one goes on or that lies beyond the run", ADOPTION, adopted_year_after,
          axis="Adopted a year after the programme"),
    _last("public_cleanliness", "mean cleanliness of public plots, in the last week", effect="then"),
    _last("trust", "mean trust, in the last week", by_village=True, effect="then"),
    _last("reached", "households visited by a member at least once"),
    Total("disputes_settled_share", "share", "share of disputes settled",
          "disputes settled of those that arose; undefined if none arose", DISPUTES, disputes_settled_share),
    Total("weeks_to_agreement", "weeks", "time to agreement",
          "weeks until every village has agreed to its plan; undefined if one never does", AGREEMENT,
          WeeksUntil("agreed", 1.0), axis="Time until all villages agree to their plan"),
    Total("contacts_per_member_year", "contacts", "contacts per member and year",
          "persons met by a member in a year of its village's contact figures (S02)", CONTACT, contacts_per_member_year),
    Total("visits_per_household_year", "visits", "visits per household and year",
          "members' visits to a household in such a year (S03)", CONTACT, visits_per_household_year),
    Total("yuan", "yuan", "money spent", "spent: gifts, collections and what interventions state as their cost", MONEY,
          SPENT, main=True, effect="then"),
    Total("hours", "hours", "organisers' time",
          "hours of visits, volunteers, other callers, paid hands, contractors, upkeep, and interventions' stated cost", TIME,
          hours, main=True, effect="then"),
    Total("unpaid_hours", "hours", "organisers' unpaid time",
          "of it, what money doesn't buy: visits, volunteers, other callers and interventions' stated cost", TIME,
          UNPAID),
    _sum("own_hours", "households' own clearing"),
    Total("yuan_per_adopted", "yuan/household", "money per adopted household",
          "yuan per household that has adopted in the last week; undefined if none", MONEY, yuan_per_adopted,
          effect="then"),
    Total("hours_per_adopted", "hours/household", "time per adopted household",
          "hours per household that has adopted in the last week; undefined if none", TIME, hours_per_adopted,
          effect="then"),
    Total("climbs", "households", "climbs", "climbs, all weeks", CLIMBS, Added(tuple(f"climbs_{term}" for term in TERMS))),
    _sum("slips", "slips, all weeks"),
)  # fmt: skip

BY_VILLAGE: tuple[Total, ...] = (
    _last("households", "households of the village"),
    _sum("visits", "members' visits, all weeks"),
    *(total for total in TOTALS if total.by_village),
)
"""What is kept of each village, where there are several."""
WEEKLY_BY_VILLAGE = tuple(weekly.name for weekly in WEEKLY if weekly.by_village)
"""The weekly outcomes kept of each, under ``weekly.NAME``."""
COURSES = tuple(total.name for total in TOTALS if total.name in {weekly.name for weekly in WEEKLY})
"""The names that are both an outcome of a run and a weekly one."""

MAIN = tuple(total.name for total in TOTALS if total.main)
"""What commands print of a run or comparison without --full."""
DRAWN_EFFECTS = tuple(total.name for total in TOTALS if total.effect == "first")
EFFECTS = (*DRAWN_EFFECTS, *(total.name for total in TOTALS if total.effect == "then"))
"""The outcomes in a comparison's table of effects; the forest plot shows the first ones."""
DRAWN_CURVES = tuple(weekly.name for weekly in WEEKLY if weekly.curve == "first")
CURVES = (*DRAWN_CURVES, *(weekly.name for weekly in WEEKLY if weekly.curve == "then"))
"""The weekly outcomes in a comparison's table of curves; the first ones have a figure each."""
INTERACTIONS = tuple(total.name for total in TOTALS if total.interaction)
"""The outcomes for which a comparison says how two programmes interact."""
