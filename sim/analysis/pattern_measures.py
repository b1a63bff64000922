"""The quantities by which each pattern is judged: they take tables of runs and return one value per replicate.

A quantity must be within an interval, which is a band of the register or else an assumption; a direction must be above 0;
quantities for information have no requirement. Weeks are counted as elapsed: "after 26 weeks" is the end of week 25.
`docs/PATTERNS.md` lists the rows that were set after results had been seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from sim.base.arrays import F64
from sim.engine.outcomes import WEEKLY
from sim.runs import Table, weekly_of
from sim.scenario import Scenario, load_scenario, with_values, without_programme

Tables = Mapping[str, Table]

STUCK, MEETING, LOOK = 156, 130, 56
"""Weeks until Dabu's visits, the meeting at Dungen, and Nanhai's review."""


class Setting(NamedTuple):
    """A scenario to run: interventions that are left out, all of them if `bare`, and other numbers."""

    scenario: str
    off: tuple[str, ...] = ()
    bare: bool = False
    values: tuple[tuple[str, float], ...] = ()
    override: str | None = None

    def load(self) -> Scenario:
        """Return the scenario."""
        scenario = load_scenario(self.scenario, self.override or ())
        off = {f"interventions.{name}.strength": 0.0 for name in self.off}
        return with_values(without_programme(scenario) if self.bare else scenario, {**off, **dict(self.values)})


PLACES = (
    "dungen", "shangxi", "dabu", "jinqifeng", "honggang", "xiqiao", "lishui", "shanghai_society", "nanhai",
)  # fmt: skip
GIFTS = ("beautiful_village", "charity_and_school")
OTHERS = ("volunteer_team", "household_contact", "first_secretary", "recognition")

RUNS: dict[str, Setting] = {
    "default village": Setting("baseline"),
    "campaign": Setting("campaign"),
    "campaign, yards as they are": Setting("campaign_without_example"),
    **{place: Setting(f"places/{place}") for place in PLACES},
    **{f"{place}, no programme": Setting(f"places/{place}", bare=True) for place in PLACES},
    "dungen, no team": Setting("places/dungen", ("volunteer_team",)),
    "dungen, no example": Setting("places/dungen", ("role_model",)),
    "dungen, no association": Setting("places/dungen", ("neighbourhood_association",)),
    "dungen, no works": Setting("places/dungen", ("public_works", "smart_gates")),
    "shangxi, no team": Setting("places/shangxi", ("volunteer_team",)),
    "shangxi, no praise": Setting("places/shangxi", ("recognition",)),
    "shangxi, gifts alone": Setting("places/shangxi", (*OTHERS, "worthy_advocacy")),
    "shangxi, worthies' word alone": Setting("places/shangxi", (*OTHERS, *GIFTS)),
    "dabu, visits only": Setting("places/dabu", override="visits_only"),
    "dabu, redrawing only": Setting("places/dabu", override="redesign_only"),
    "dabu, every member daily": Setting("places/dabu", override="every_member_daily"),
    "jinqifeng, members not in front": Setting("places/jinqifeng", override="without_members"),
    "honggang, no load": Setting("places/honggang", override="without_load"),
    "shanghai_society, no youth": Setting("places/shanghai_society", override="without_youth"),
    "xiqiao, villages alike": Setting("places/xiqiao", values=(("village.heterogeneity", 0.0),)),
    "nanhai, half the pace": Setting("places/nanhai", values=(("interventions.rollout.copying", 0.05),)),
    "nanhai, twice the pace": Setting("places/nanhai", values=(("interventions.rollout.copying", 0.2),)),
}  # fmt: skip


class Measure(NamedTuple):
    """A quantity of a pattern. `low`, `high` : it must be between these; `above` : it must be above this."""

    pattern: str
    quantity: str
    unit: str
    runs: str
    basis: str
    of: Callable[[Tables], F64]
    low: float | None = None
    high: float | None = None
    above: float | None = None


def weekly(runs: Tables, label: str, outcome: str, group: str = "all") -> F64:
    """Return a weekly outcome, shape (runs, weeks)."""
    return weekly_of(runs[label], outcome, group)


def after(runs: Tables, label: str, weeks: int, outcome: str = "adopted", group: str = "all") -> F64:
    """Return a weekly outcome after `weeks` weeks, shape (runs,)."""
    return weekly(runs, label, outcome, group)[:, weeks - 1]


def gained(
    runs: Tables, weeks: int, label: str, reference: str, outcome: str = "adopted", other: int | None = None
) -> F64:
    """Return a weekly outcome minus that of a reference, after `weeks` weeks (in the reference: after `other`)."""
    return after(runs, label, weeks, outcome) - after(runs, reference, other or weeks, outcome)


def gap(runs: Tables, label: str, weeks: int) -> F64:
    """Return the adopted share of locals minus that of newcomers."""
    return after(runs, label, weeks, group="local") - after(runs, label, weeks, group="newcomer")


def climbing(runs: Tables, label: str, week: int) -> F64:
    """Return the share of households that climb a rung in a week."""
    climbs = [o.name for o in WEEKLY if o.name.startswith("climbs_")]
    number = sum((weekly(runs, label, name)[:, week] for name in climbs), np.zeros(()))
    return np.asarray(number / weekly(runs, label, "households")[:, week], np.float64)


def by_village(runs: Tables, label: str) -> F64:
    """Return the adopted share of each village, shape (runs, villages, weeks)."""
    return np.asarray(runs[label]["villages.weekly.adopted"], np.float64)


def pilots_lead(runs: Tables, weeks: int) -> F64:
    """Return the lead of Lishui's eight pilots, which come first, over the others."""
    adopted = by_village(runs, "lishui")[:, :, weeks - 1]
    return np.asarray(adopted[:, :8].mean(axis=1) - adopted[:, 9:].mean(axis=1), np.float64)


def copied_gain(runs: Tables) -> F64:
    """Return the others' gain in the two years of copying, divided by the pilots' gain in theirs."""
    adopted = by_village(runs, "lishui")
    pilots, others = adopted[:, :8].mean(axis=1), adopted[:, 9:].mean(axis=1)
    return np.asarray((others[:, 155] - others[:, 51]) / (pilots[:, 51] - pilots[:, 0]), np.float64)


def unmoved(runs: Tables) -> F64:
    """Return the share of Nanhai's villages that are less than a tenth above where they began."""
    adopted = by_village(runs, "nanhai")
    return np.asarray((adopted[:, :, LOOK - 1] < adopted[:, :, 0] + 0.1).mean(axis=1), np.float64)


def greatest_consent(label: str) -> Callable[[Tables], F64]:
    """Return a measure of the greatest share that consents in the 26 weeks of daily visits."""
    return lambda runs: np.asarray(weekly(runs, label, "consenting")[:, STUCK : STUCK + 26].max(axis=1), np.float64)


def waiting(label: str) -> Callable[[Tables], F64]:
    """Return a measure of the share of villages that haven't begun at the review."""
    return lambda runs: 1.0 - after(runs, label, LOOK, "started")


def first_week(course: F64, share: float) -> F64:
    """Return the week after which a share is first reached, shape (runs,); NaN if it never is."""
    reached = course >= share
    weeks = np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.nan)
    return np.asarray(weeks, np.float64)


def above_rung(runs: Tables, label: str, rungs: tuple[str, ...]) -> F64:
    """Return the share of households on any of these rungs, shape (runs, weeks)."""
    return np.asarray(sum(weekly(runs, label, rung) for rung in rungs), np.float64)


def rung_lag(runs: Tables, lower: tuple[str, ...], upper: tuple[str, ...]) -> F64:
    """Return the weeks from a tenth of a campaign's village on the lower rungs to a tenth on the upper rungs."""
    here, there = (first_week(above_rung(runs, "campaign", rungs), 0.1) for rungs in (lower, upper))
    return there - here


def spread(runs: Tables, label: str, weeks: int) -> F64:
    """Return the standard deviation between villages of the adopted share."""
    return np.asarray(by_village(runs, label)[:, :, weeks - 1].std(axis=1), np.float64)


def yuan_each(runs: Tables, label: str) -> F64:
    """Return the yuan spent for each household that has adopted at the end."""
    return np.asarray(runs[label]["yuan_per_adopted"], np.float64)


def given_after_praise(runs: Tables) -> F64:
    """Return the yuan that Shangxi's worthies give in the half year after the meeting, minus the same without praise."""
    given = [weekly(runs, label, "given_by_worthies_yuan")[:, 103:129] for label in ("shangxi", "shangxi, no praise")]
    return np.asarray((given[0] - given[1]).sum(axis=1), np.float64)


ALL, HELPING, OWN = ("pushed", "helping", "self_initiated"), ("helping", "self_initiated"), ("self_initiated",)
ORDER = "a sign is all that the documents give"

MEASURES: tuple[Measure, ...] = (
    Measure("P1", "adopted five weeks into a campaign", "share", "campaign", "assumption: refusal at first",
            lambda r: after(r, "campaign", 5), high=0.2),
    Measure("P1", "adopted after 26 weeks, before a second kind of messenger", "share", "dungen",
            "assumption: refusal at first", lambda r: after(r, "dungen", 26), high=0.2),
    Measure("P1", "adopted a year after the team began", "share", "dungen", "assumption: all agreed, at least P3's 0.6",
            lambda r: after(r, "dungen", 78), low=0.6),
    Measure("P1", "adopted a year after the team began, less without it", "share", "dungen", ORDER,
            lambda r: gained(r, 78, "dungen", "dungen, no team"), above=0.0),
    Measure("P2", "adoption ratio over a campaign, members' own yard first to not", "ratio", "campaign", "P2",
            lambda r: after(r, "campaign", 26) / after(r, "campaign, yards as they are", 26), low=1.2, high=2.2),
    Measure("P2", "the same half a year after the example began", "ratio", "dungen", "P2",
            lambda r: after(r, "dungen", 52) / after(r, "dungen, no example", 52), low=1.2, high=2.2),
    Measure("P3", "consent after 156 weeks, before daily visits", "share", "dabu", "P3",
            lambda r: after(r, "dabu", STUCK, "consenting"), high=0.15),
    Measure("P3", "consent five weeks into daily visits", "share", "dabu", "P3",
            lambda r: after(r, "dabu", STUCK + 5, "consenting"), high=0.5),
    Measure("P3", "greatest consent within 26 weeks of daily visits and redrawing", "share", "dabu", "P3",
            greatest_consent("dabu"), low=0.6),
    Measure("P3", "chance of agreement a week before daily visits", "per week", "dabu", "P3",
            lambda r: after(r, "dabu", STUCK, "agreed") / STUCK, high=0.0192),
    *(Measure("P3", f"greatest consent within 26 weeks: {what}", "share", f"dabu, {what}", "",
              greatest_consent(f"dabu, {what}"))
      for what in ("visits only", "redrawing only", "every member daily")),
    Measure("P4", "households that climb in the week of the clean-up, less mean of the three earlier ones", "share",
            "jinqifeng", ORDER,
            lambda r: climbing(r, "jinqifeng", 25) - sum(climbing(r, "jinqifeng", w) for w in (4, 12, 20)) / 3, above=0.0),
    Measure("P4", "the same week, less without members in front", "share", "jinqifeng", ORDER,
            lambda r: climbing(r, "jinqifeng", 25) - climbing(r, "jinqifeng, members not in front", 25), above=0.0),
    Measure("P4", "adopted 13 weeks after the clean-up, less without members in front", "share", "jinqifeng", "",
            lambda r: gained(r, 38, "jinqifeng", "jinqifeng, members not in front")),
    Measure("P5", "weeks from a tenth above watching to a tenth helping", "weeks", "campaign", "by the model's form",
            lambda r: rung_lag(r, ALL, HELPING), above=0.0),
    Measure("P5", "weeks from a tenth helping to a tenth acting of their own accord", "weeks", "campaign",
            "by the model's form", lambda r: rung_lag(r, HELPING, OWN), above=0.0),
    Measure("P5", "self-initiated at the review, less before the youth", "share", "shanghai_society", ORDER,
            lambda r: after(r, "shanghai_society", LOOK, "self_initiated")
            - after(r, "shanghai_society", 8, "self_initiated"), above=0.0),
    Measure("P6", "pilots' adoption less others' after the pilot year", "share", "lishui", ORDER,
            lambda r: pilots_lead(r, 52), above=0.0),
    Measure("P6", "others' gain while copying, by the pilots' gain", "ratio", "lishui", "assumption: at least half",
            copied_gain, low=0.5),
    Measure("P6", "weeks until half of the pilot's households have adopted", "weeks", "dungen",
            "P6; that a showcase has half is an assumption", lambda r: first_week(weekly(r, "dungen", "adopted"), 0.5),
            low=104, high=156),
    Measure("P7", "villages that have not begun at the review, one at least and not all of 192", "share", "nanhai",
            "P7: more than none and fewer than all", waiting("nanhai"), low=1 / 192,
            high=191 / 192),
    Measure("P7", "the same within a narrower band", "share", "nanhai", "assumption: a minority waits",
            waiting("nanhai"), low=0.05, high=0.5),
    Measure("P7", "villages less than a tenth above their start at the review", "share", "nanhai",
            "assumption: a minority waits", unmoved, low=0.05, high=0.5),
    *(Measure("P7", f"villages that have not begun at the review: {what}", "share", f"nanhai, {what}", "",
              waiting(f"nanhai, {what}"))
      for what in ("half the pace", "twice the pace")),
    Measure("P8", "adopted at the meeting, rich road less poor road", "share", "shangxi, dungen", "assumption",
            lambda r: gained(r, 104, "shangxi", "dungen", other=MEETING), low=-0.15, high=0.15),
    Measure("P8", "poor road's adoption at the meeting, less without a programme", "share", "dungen", "assumption",
            lambda r: gained(r, MEETING, "dungen", "dungen, no programme"), low=0.3),
    Measure("P8", "rich road's adoption at the meeting, less without a programme", "share", "shangxi", "assumption",
            lambda r: gained(r, 104, "shangxi", "shangxi, no programme"), low=0.3),
    Measure("P8", "money by household that has adopted at the end, rich road less poor road", "yuan", "shangxi, dungen",
            ORDER, lambda r: yuan_each(r, "shangxi") - yuan_each(r, "dungen"), above=0.0),
    Measure("P8", "adopted at the meeting without the team", "share", "shangxi, no team", "",
            lambda r: after(r, "shangxi, no team", 104)),
    Measure("P9", "adopted locals less adopted newcomers after a campaign", "share", "campaign",
            "assumption of the fit: 0.02 stands for a direction", lambda r: gap(r, "campaign", 26), low=0.02, high=0.5),
    Measure("P9", "gap without the association less gap with it, at the meeting", "share", "dungen", ORDER,
            lambda r: gap(r, "dungen, no association", MEETING) - gap(r, "dungen", MEETING), above=0.0),
    Measure("P9", "newcomers' adoption with the association less without, at the meeting", "share", "dungen", "",
            lambda r: after(r, "dungen", MEETING, group="newcomer")
            - after(r, "dungen, no association", MEETING, group="newcomer")),
    Measure("P10", "trust after 26 weeks of daily visits, less before", "0..1", "dabu", ORDER,
            lambda r: after(r, "dabu", STUCK + 26, "trust") - after(r, "dabu", STUCK, "trust"), above=0.0),
    Measure("P10", "the same weeks, less without visits", "0..1", "dabu", ORDER,
            lambda r: gained(r, STUCK + 26, "dabu", "dabu, redrawing only", "trust"), above=0.0),
    Measure("P11", "visits in the year before the admission, without load less with it", "visits", "honggang", ORDER,
            lambda r: (weekly(r, "honggang, no load", "visits") - weekly(r, "honggang", "visits"))[:, 104:156].sum(axis=1),
            above=0.0),
    Measure("P11", "organisers' effort at the admission, without load less with it", "1", "honggang", ORDER,
            lambda r: gained(r, 156, "honggang, no load", "honggang", "effort"), above=0.0),
    Measure("P11", "adopted at the admission, without load less with it", "share", "honggang", ORDER,
            lambda r: gained(r, 156, "honggang, no load", "honggang"), above=0.0),
    Measure("P12", "cleanliness of public plots at the meeting, with works and gates less without", "0..1", "dungen",
            ORDER, lambda r: gained(r, MEETING, "dungen", "dungen, no works", "public_cleanliness"), above=0.0),
    Measure("P12", "adopted at the meeting, with works and gates less without", "share", "dungen", ORDER,
            lambda r: gained(r, MEETING, "dungen", "dungen, no works"), above=0.0),
    Measure("P13", "worthies' gifts in the half year after praise, less without it", "yuan", "shangxi", ORDER,
            given_after_praise, above=0.0),
    Measure("P13", "adopted at the meeting, worthies' word alone less gifts alone", "share", "shangxi", ORDER,
            lambda r: gained(r, 104, "shangxi, worthies' word alone", "shangxi, gifts alone"), above=0.0),
    Measure("P14", "adopted at the review, with the youth less without", "share", "shanghai_society", ORDER,
            lambda r: gained(r, LOOK, "shanghai_society", "shanghai_society, no youth"), above=0.0),
    Measure("P15", "spread of adoption between villages after 52 weeks, less if they were alike", "share", "xiqiao",
            "by the model's form", lambda r: spread(r, "xiqiao", 52) - spread(r, "xiqiao, villages alike", 52), above=0.0),
    Measure("P15", "spread of adoption between villages at the town's look", "share", "lishui", "",
            lambda r: spread(r, "lishui", 104)),
    Measure("S04", "households reached in 50 weeks", "share", "default village", "S04",
            lambda r: after(r, "default village", 50, "reached"), low=0.999),
    Measure("S04", "households reached in 50 weeks", "share", "xiqiao", "S04",
            lambda r: after(r, "xiqiao", 50, "reached"), low=0.999),
    Measure("S04", "contacts of a member in 49.7 weeks", "contacts", "xiqiao", "",
            lambda r: np.asarray(r["xiqiao"]["contacts_per_member_year"], np.float64)),
    Measure("S04", "visits to a household in 49.7 weeks", "visits", "xiqiao", "",
            lambda r: np.asarray(r["xiqiao"]["visits_per_household_year"], np.float64)),
)  # fmt: skip

UNTESTED: dict[str, str] = {
    "P1": "Villagers' and women's representatives are one kind here, so three kinds of messenger stand for four.",
    "P4": "That the earlier clean-ups had few owners isn't measured; an example shows after weeks, and this was a day.",
    "P5": "No document counts rungs, and the order is the model's form.",
    "P6": "When a copied form began isn't told, so the weeks to its copies have no band, and the band of a showcase is asked "
    "of half of the households. Representatives joined Dungen's team after a first table; without them half is reached in "
    "week 173 and P6 fails.",
    "P7": "The pace of copying is assumed, and the share depends on it (rows without a band); no document gives a share.",
    "P9": "That the association narrows the gap is no document's report.",
    "P11": "That load takes hours from visits is how the intervention is defined; what follows for adoption isn't.",
    "P12": "These quantities test that works move households, which isn't told: the documents tell of praise.",
    "P14": "Whether the young come first can't be tested: outcomes have no group of the young.",
    "P15": "How much villages differ is an assumption of the scenario; that they do in the end is its consequence.",
    "S04": "Full coverage needs members in proportion to households; Xiqiao's largest community is given the mean number.",
}
"""Parts of a pattern that these runs can't test."""
