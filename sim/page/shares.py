"""The pages of attributions: what each intervention adds to a programme's effect, or what each mechanism carries of it."""

from __future__ import annotations

import shlex
from typing import Any

from sim.analysis.intervals import CLEAR
from sim.analysis.shapley import ALL
from sim.engine.outcomes import difference_unit, unit_of
from sim.page.data import letters_of
from sim.page.frame import rendered
from sim.page.story import Kept, Section, Story, pictures, rows_of
from sim.page.words import Text, between, name_in, word
from sim.report.shares import MECHANISMS, SHARES
from sim.report.text_tables import amount

TOLD = 3
"""Interventions or mechanisms that the sentences name."""


def shares_page(kept: Kept) -> str:
    """Return the page of the kept Shapley shares of a programme's interventions."""
    inputs = kept.manifest["inputs"]
    outcome, unit = inputs["outcome"], unit_of(inputs["outcome"])
    table = kept.tables[SHARES]
    table = table[table["outcome"] == outcome]
    (whole,) = table[table["intervention"] == ALL].to_dict("records")
    each = table[table["intervention"] != ALL].sort_values("share", ascending=False, kind="stable").to_dict("records")
    findings = [_sentence("shares.whole", whole, "share", unit)]
    findings += [
        _sentence("shares.one", row, "share", unit, name=name_in("interventions", row["intervention"]))
        for row in each[:TOLD]
    ]
    rows: list[list[str | Text]] = [
        [name_in("interventions", row["intervention"]), amount(row["share"], unit, True), _bounds(row, unit),
         amount(row["part"], "share"), amount(row["alone"], unit, True), amount(row["last"], unit, True),
         name_in("verdicts", row["verdict"])]
        for row in each
    ]  # fmt: skip
    rows.append([
        word("shares.all"), amount(whole["share"], unit, True), _bounds(whole, unit), amount(whole["part"], "share"), "",
        "", name_in("verdicts", whole["verdict"]),
    ])  # fmt: skip
    heads = ("intervention", "share", "interval", "part", "alone", "added_last", "judged")
    return _page(kept, SHARES, findings, int(whole["pairs"]), heads, rows)


def mechanisms_page(kept: Kept) -> str:
    """Return the page of what mechanisms carry of a programme's effect."""
    unit = unit_of(kept.manifest["inputs"]["outcome"])
    table = kept.tables[MECHANISMS].to_dict("records")
    (whole,) = (row for row in table if not row["mechanism"])
    each = [row for row in table if row["mechanism"]]
    clear = [row for row in each if row["verdict"] in CLEAR]
    clear.sort(key=lambda row: -abs(row["carried"]))
    findings = [_sentence("mechanisms.whole", whole, "effect", unit)]
    findings += [
        _sentence(
            "mechanisms.one", row, "carried", unit, name=row["mechanism"], effect=amount(row["effect"], unit, True)
        )
        for row in clear[:TOLD]
    ] or [word("mechanisms.none")]
    rows: list[list[str | Text]] = [
        [row["mechanism"], amount(row["effect"], unit, True), amount(row["carried"], unit, True), _bounds(row, unit),
         name_in("verdicts", row["verdict"])]
        for row in each
    ]  # fmt: skip
    heads = ("mechanism", "effect_without", "carried", "interval", "judged")
    return _page(kept, MECHANISMS, findings, int(whole["pairs"]), heads, rows)


def _page(
    kept: Kept, kind: str, findings: list[Text], pairs: int, heads: tuple[str, ...], rows: list[list[str | Text]]
) -> str:
    inputs = kept.manifest["inputs"]
    (label,) = inputs["order"]
    named, weeks = name_in("outcomes", inputs["outcome"]), inputs["weeks"]
    unit = name_in("units", difference_unit(unit_of(inputs["outcome"])))
    story = Story(
        kind=word(f"kind.{kind}"), findings=findings, remarks=[word(f"{kind}.remark", pairs=pairs)],
        title=word(f"{kind}.question", title=inputs["scenarios"][label]["title"], outcome=named, weeks=weeks),
        change=(word("change_note"), f"grassroots sensitivity {shlex.quote(label)}"),
        sections=[
            *pictures(kept, (kind,), kind),
            Section(word(f"{kind}.table"), word("unit_note", outcome=named, unit=unit), rows=rows_of(heads, rows)),
        ],
    )  # fmt: skip
    return rendered("analysis.html", story, kept.manifest, kept.tables, {label: letters_of([label])[0]})


def _bounds(row: dict[Any, Any], unit: str) -> Text:
    return between(row["low"], row["high"], lambda value: amount(value, unit, True))


def _sentence(key: str, row: dict[Any, Any], column: str, unit: str, **values: object) -> Text:
    """Return a sentence with a value, its interval and its verdict."""
    return word(
        key, value=amount(row[column], unit, True), bounds=_bounds(row, unit), verdict=name_in("verdicts", row["verdict"]),
        unit=name_in("units", difference_unit(unit)), **values,
    )  # fmt: skip
