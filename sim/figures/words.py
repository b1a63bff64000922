"""Words: how outcomes are called on axes, and which are shares."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sim.engine.terms import TERMS
from sim.figures.fonts import safe

SHARES = {
    "adopted": "Households that have adopted",
    "clean": "Clean yards",
    "watching": "Households that watch",
    "pushed": "Households that are pushed",
    "helping": "Households that help",
    "self_initiated": "Self-initiated households",
    "reached": "Households visited so far",
    "coercion": "Households that are only pushed",
    "newcomer_gap": "Gap of newcomers to locals",
    "mean_adopted": "Adopted, mean over all weeks",
    "peak_adopted": "Adopted, in the best week",
    "adopted_year_after": "Adopted a year after the programme",
    "consenting": "Households that consent to the plan",
    "agreed": "Villages that agreed to their plan",
    "chartered": "Villages with a charter",
    "started": "Villages that have begun",
    "disputes_settled_share": "Disputes settled",
}
OTHERS = {
    "trust": ("Mean trust", "0 to 1"),
    "passivity": ("Mean passivity", "0 to 1"),
    "public_cleanliness": ("Cleanliness of public plots", "0 to 1"),
    "persuasion": ("Mean stock of persuasion", "logit"),
    "clutter": ("Mean clutter", "hours"),
    "recognised_giving": ("Recognised giving", "yuan/household"),
    "weeks_to_half": ("Time until half have adopted", "weeks"),
    "weeks_to_80": ("Time until 80 % have adopted", "weeks"),
    "weeks_to_agreement": ("Time until all villages agree to their plan", "weeks"),
    "yuan": ("Money spent", "yuan"),
    "hours": ("Organisers' time", "hours"),
    "yuan_per_adopted": ("Money by adopted household", "yuan/household"),
    "hours_per_adopted": ("Time by adopted household", "hours/household"),
}
GROUPS = {"all": "all households", "local": "locals", "newcomer": "newcomers", "member": "members' households"}


def is_share(outcome: str) -> bool:
    """Return whether the outcome is a share, drawn in percent."""
    return outcome in SHARES


def outcome_name(outcome: str) -> str:
    """Return the outcome's name for an axis, without the unit."""
    known = SHARES.get(outcome) or OTHERS.get(outcome, ("", ""))[0]
    return known or safe(outcome.replace("_", " ").capitalize())


def outcome_unit(outcome: str) -> str:
    """Return the unit for an axis, empty if unknown."""
    return "%" if is_share(outcome) else OTHERS.get(outcome, ("", ""))[1]


def term_name(term: str) -> str:
    """Return how a term of the decision is called in a figure."""
    return TERMS[term].label if term in TERMS else safe(term.replace("_", " "))


def name_of(scenario: str, labels: Mapping[str, str] | None) -> str:
    """Return how a scenario is called in a figure: its label or else its name, never with characters no font has."""
    return safe((labels or {}).get(scenario) or scenario.replace("_", " "))


def require(table: pd.DataFrame, columns: tuple[str, ...]) -> None:
    """Raise ValueError if the table is empty or lacks one of the columns."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(f"the table lacks {', '.join(missing)}; it has {', '.join(map(str, table.columns))}")
    if table.empty:
        raise ValueError("the table has no rows")


def scenarios_of(table: pd.DataFrame, wanted: list[str] | None) -> list[str]:
    """Return the scenarios to draw, by default all in the table's order. Raises ValueError for one not in the table."""
    there = [str(name) for name in table["scenario"].unique()]
    unknown = [name for name in wanted or () if name not in there]
    if unknown:
        raise ValueError(f"the table has no scenario {', '.join(unknown)}; it has {', '.join(there)}")
    return list(wanted) if wanted else there


def count_words(counts: pd.Series) -> str:
    """Return '200' or '100 to 200'."""
    low, high = int(counts.min()), int(counts.max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
