"""Words in figures: outcomes on axes, terms, scenarios, ticks; and checks of the tables to be drawn."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sim.engine.outcomes import GROUP_OF, axis_text, difference_unit, unit_of, unit_text
from sim.engine.terms import TERMS
from sim.figures.fonts import safe


def is_share(outcome: str) -> bool:
    """Return whether the outcome is a share, drawn in percent."""
    return unit_of(outcome) == "share"


def outcome_text(outcome: str, more: str = "", difference: bool = False, unit: bool = True) -> str:
    """Return the text of an outcome's axis: its name, `more`, and, with `unit`, its unit unless the ticks show percent."""
    of_outcome = unit_of(outcome)
    shown = difference_unit(of_outcome) if difference else "" if of_outcome == "share" else unit_text(of_outcome)
    shown = shown if unit else ""
    return safe(axis_text(outcome) + more + (f" ({shown})" if shown else ""))


def percent(value: float, _position: object = None) -> str:
    """Return a share as a tick in percent, such as 30 %, with decimals only where it has some."""
    return f"{percentage_points(value)} %"


def percentage_points(value: float, _position: object = None) -> str:
    """Return a difference of shares as a tick in percentage points."""
    return f"{100 * value:.4g}".replace("-", "−")


def value_text(value: float, outcome: str, unit: bool = True) -> str:
    """Return a value of an outcome and, with `unit`, its unit, such as 8.4 %; a share is in percent."""
    scaled, words = (100 * value, "%") if is_share(outcome) else (value, unit_text(unit_of(outcome)))
    number = f"{scaled:,.0f}" if abs(scaled) >= 100 else f"{scaled:.1f}" if is_share(outcome) else f"{scaled:.3g}"
    return " ".join([number.replace("-", "−"), *[safe(words)] * (unit and bool(words))])


def difference_text(value: float, unit: str) -> str:
    """Return a difference with its sign and unit, such as +3.6 percentage points."""
    scaled = 100 * value if unit == "share" else value
    number = f"{scaled:+,.0f}" if abs(scaled) >= 100 else f"{scaled:+.1f}" if unit == "share" else f"{scaled:+.3g}"
    words = safe(difference_unit(unit))
    return " ".join([number.replace("-", "−"), *[words] * bool(words)])


def group_text(group: str) -> str:
    """Return the name of a group of households."""
    return GROUP_OF[group].label if group in GROUP_OF else safe(group)


def term_name(term: str) -> str:
    """Return the name of a term of the decision in a figure."""
    return TERMS[term].label if term in TERMS else safe(term.replace("_", " "))


def name_of(scenario: str, labels: Mapping[str, str] | None) -> str:
    """Return a scenario's label in a figure, or else its name, without characters that no font has."""
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
