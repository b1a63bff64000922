"""The page of a sweep: how outcomes depend on the swept values, and where they differ from the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.analysis.intervals import CLEAR, EVERY, LESS, MORE
from sim.analysis.sweep import HIGHEST
from sim.analysis.sweep_points import written
from sim.engine.outcomes import unit_text
from sim.page.data import letters_of
from sim.page.frame import rendered
from sim.page.story import DRAWN_LIMITS, LIMITS, Kept, Rows, Section, Story
from sim.page.words import LANGUAGES, Text, between, name_in, word
from sim.report.text_tables import amount

if TYPE_CHECKING:
    import pandas as pd

MOST = 400
"""Points that a table lists; the kept table has all of them."""


def kept_page(kept: Kept) -> str:
    """Return the page of a kept sweep."""
    inputs, points = kept.manifest["inputs"], kept.tables["points"]
    labels, keys = inputs["order"], inputs["keys"]
    titles = [inputs["sides"][label]["scenarios"][label]["title"] for label in labels]
    findings: list[Text] = []
    sections: list[Section] = []
    for outcome in inputs["outcomes"]:
        rows = points[points["outcome"] == outcome]
        named = name_in("outcomes", outcome)
        findings += _findings(rows, named, keys, titles)
        sections.append(Section(named, picture=kept.picture(outcome, word("sweep.picture", outcome=named))))
        sections.append(Section(word("sweep.table", outcome=named), rows=_table(rows, keys)))
    drawn = bool((points["draws"] > 1).any()) if "draws" in points else False
    story = Story(
        kind=word("kind.sweep"), title=word("sweep.question", title=titles[0], keys=", ".join(keys)), findings=findings,
        remarks=[word("sweep.remark", replicates=inputs["replicates"])], limits=DRAWN_LIMITS if drawn else LIMITS,
        change=(word("sweep.change"), f"{kept.manifest['command']} --seed 1" if kept.manifest["command"] else ""),
        sections=sections,
    )  # fmt: skip
    return rendered(
        "analysis.html", story, kept.manifest, kept.tables, dict(zip(labels, letters_of(labels), strict=True))
    )


def _findings(rows: pd.DataFrame, named: Text, keys: list[str], titles: list[str]) -> list[Text]:
    """Return where the outcome is highest, and at how many points it differs from the reference."""
    highest = rows[rows["against_highest"] == HIGHEST].to_dict("records")
    if not highest:
        return [word("sweep.undefined", outcome=named)]
    (top,) = highest[:1]
    unit = str(top["unit"])
    alike = int((~rows["against_highest"].isin((*CLEAR, HIGHEST))).sum())
    found = [word(
        "sweep.highest", outcome=named, value=amount(top["mean"], unit), unit=name_in("units", unit_text(unit)),
        bounds=_bounds(top, "low", "high", unit), place=", ".join(f"{key} {written(top[key])}" for key in keys),
        alike=alike, others=len(rows) - 1,
    )]  # fmt: skip
    if "reference" in rows:
        more, less = (int(rows["verdict"].isin((side, EVERY[side])).sum()) for side in (MORE, LESS))
        found.append(word(
            "sweep.against", outcome=named, reference=titles[1], more=more, less=less, open=len(rows) - more - less,
            points=len(rows),
        ))  # fmt: skip
    return found


def _table(rows: pd.DataFrame, keys: list[str]) -> Rows:
    unit = str(rows["unit"].iloc[0])
    heads: list[Text] = [
        *(dict.fromkeys(LANGUAGES, key) for key in keys),
        word("mean"),
        word("interval"),
        word("spread"),
    ]
    against = "reference" in rows
    if against:
        heads += [word("reference"), word("difference"), word("interval"), word("judged")]
    lines: list[list[str | Text]] = []
    for row in rows.head(MOST).to_dict("records"):
        cells: list[str | Text] = [written(row[key]) for key in keys]
        cells += [amount(row["mean"], unit), _bounds(row, "low", "high", unit)]
        cells.append(_bounds(row, "spread_low", "spread_high", unit))
        if against:
            cells += [amount(row["reference_mean"], unit), amount(row["difference"], unit, True)]
            cells += [_bounds(row, "difference_low", "difference_high", unit), name_in("verdicts", row["verdict"])]
        lines.append(cells)
    return Rows(heads, lines)


def _bounds(row: dict[Any, Any], low: str, high: str, unit: str) -> Text:
    return between(row[low], row[high], lambda value: amount(value, unit))
