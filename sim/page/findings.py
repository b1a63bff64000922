"""What the page of a comparison says in sentences and tables, from the kept tables: no arithmetic but that of places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.analysis.compare import WAITS
from sim.analysis.intervals import LESS, MORE
from sim.engine.outcomes import difference_unit, unit_text
from sim.page.words import LANGUAGES, Text, name_in, word
from sim.report.text_tables import amount, bounds_text

if TYPE_CHECKING:
    import pandas as pd

MOST_TERMS = 5
"""Terms that are listed for a scenario."""
LEFT, WIDTH = 4, 112
"""Where the marks of a row of effects begin, and how far they reach, in points."""


def _with_unit(value: float, unit: str) -> str:
    return f"{amount(value, unit)}\u00a0%" if unit == "share" and value == value else amount(value, unit)


def sentences(effects: pd.DataFrame, titles: Mapping[str, Text], reference: Text) -> list[Text]:
    """Return a sentence for each scenario on the adopted share, the greatest difference first."""
    rows = effects[effects["outcome"] == "adopted"].sort_values("difference", ascending=False, kind="stable")
    found = []
    for row in rows.to_dict("records"):
        without = "open" if row["low"] == row["low"] else "none"
        side = {MORE: "more", LESS: "less"}.get(row["verdict"], without)
        low, middle, high = row["low"], row["difference"], row["high"]
        if side == "less":  # whose numbers are told without a sign, the smaller one first
            low, middle, high = -high, -middle, -low
        low, middle, high = (amount(number, "share", side == "open") for number in (low, middle, high))
        found.append(word(
            f"finding.{side}", title=titles[row["scenario"]], reference=reference,
            mean=_with_unit(row["mean"], "share"), reference_mean=_with_unit(row["reference_mean"], "share"),
            verdict=name_in("verdicts", row["verdict"]), low=low, difference=middle, high=high,
        ))  # fmt: skip
    return found


def effects_block(effects: pd.DataFrame, outcome: str, titles: Mapping[str, Text]) -> dict[str, Any]:
    """Return an outcome's rows of the table of effects, with where its marks lie on a scale that all of its rows share."""
    rows = effects[effects["outcome"] == outcome]
    unit = rows["unit"].iloc[0]
    partly = outcome in WAITS or bool((rows[["defined", "reference_defined"]].min(axis=1) < rows["runs"]).any())
    apart = rows["reference_mean"].nunique() > 1
    ends = [0.0, *rows[["low", "high", "spread_low", "spread_high", "difference"]].stack().dropna()]
    least, most = min(ends), max(ends)
    width = (most - least) or 1.0

    def place(value: float) -> float | None:
        return round(LEFT + WIDTH * (value - least) / width, 1) if value == value else None

    def mean(row: Mapping[Any, Any], side: str) -> Text:
        """Return a mean, and in how many runs the outcome is defined where that isn't all of them."""
        text = amount(row[f"{side}mean"], unit)
        if partly:
            return word("mean_of", mean=text, defined=row[f"{side}defined"], runs=row["runs"])
        return dict.fromkeys(LANGUAGES, text)

    names = ("difference", "low", "high", "spread_low", "spread_high")
    first, *_ = records = rows.to_dict("records")
    return {
        "name": name_in("outcomes", outcome), "unit": name_in("units", unit_text(unit)),
        "difference_unit": name_in("units", difference_unit(unit)), "zero": place(0.0),
        "reference": (titles[first["reference"]], None if apart else mean(first, "reference_")),
        "rows": [
            {"title": titles[row["scenario"]], "mean": mean(row, ""), "beside": mean(row, "reference_") if apart else None,
             "verdict": name_in("verdicts", row["verdict"]), "at": {name: place(row[name]) for name in names},
             **{name: amount(row[name], unit, True) for name in names}}
            for row in records
        ],
    }  # fmt: skip


def terms_block(attribution: pd.DataFrame, titles: Mapping[str, Text]) -> list[dict[str, Any]]:
    """Return, for each scenario, the terms that tipped most of the difference in climbs."""
    found = []
    for scenario, rows in attribution[attribution["flow"] == "climbs"].groupby("scenario", sort=False):
        terms = rows[rows["term"] != "all"].iloc[:MOST_TERMS]
        found.append({"title": titles[str(scenario)], "rows": [
            {"name": name_in("parts", row["term"]), "reference_mean": amount(row["reference_mean"], ""),
             "mean": amount(row["mean"], ""), "difference": amount(row["difference"], "", True),
             "interval": bounds_text(row, "")}
            for row in terms.to_dict("records")
        ]})  # fmt: skip
    return found
