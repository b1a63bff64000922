"""The page of a search for a policy: the chosen mix, how it was judged with fresh luck, and what it can't be told from."""

from __future__ import annotations

import shlex

from sim.analysis.intervals import CLEAR
from sim.page.data import letters_of
from sim.page.frame import rendered
from sim.page.story import Kept, Section, Story, pictures, rows_of
from sim.page.words import LANGUAGES, Text, between, name_in, word
from sim.report.policy import DRAWN, SCENARIO_FILE, SEARCHED
from sim.report.policy import rows_of as records_of
from sim.report.text_tables import amount

PICTURES = ("front", "allocation", "regret")


def kept_page(kept: Kept) -> str:
    """Return the page of a kept search."""
    inputs, table = kept.manifest["inputs"], kept.tables["policies"]
    (label,) = inputs["order"]
    budget = word("policy.budget", **{name: f"{limit:,.0f}" for name, limit in inputs["budget"].items()})
    (chosen,) = records_of(table[table["chosen"]])
    searched = table["mix"].str.match(SEARCHED)
    shown = records_of(table[~searched | table["chosen"] | (searched.cumsum() <= DRAWN)])
    told = [row for row in shown if not row["chosen"]]
    worse = [row["mix"] for row in told if row["verdict"] in CLEAR and row["difference"] < 0]
    open_ones = [row["mix"] for row in told if row["verdict"] not in CLEAR]
    low, high = amount(chosen["kept_low"], "share"), amount(chosen["kept_high"], "share")
    findings = [
        word("policy.chosen", mix=chosen["mix"], kept=amount(chosen["kept"], "share"), low=low, high=high,
             yuan=f"{chosen['yuan']:,.0f}", hours=f"{chosen['hours']:,.0f}"),
        word("policy.over", over=round(chosen["over_share"] * chosen["draws"]), draws=chosen["draws"]),
    ]  # fmt: skip
    if worse:
        findings.append(word("policy.worse", mixes=", ".join(worse)))
    if open_ones:
        findings.append(word("policy.open", mixes=", ".join(open_ones)))
    rows: list[list[str | Text]] = []
    for row in shown:
        against: Text = word("policy.is_chosen")
        if not row["chosen"]:
            verdict = name_in("verdicts", row["verdict"])
            against = {code: f"{amount(row['difference'], 'share', True)} {verdict[code]}" for code in LANGUAGES}
        bounds = between(row["kept_low"], row["kept_high"], lambda value: amount(value, "share"))
        rows.append([
            row["mix"], amount(row["kept"], "share"), bounds, f"{row['yuan']:,.0f}",
            f"{row['hours']:,.0f}", word("of", part=round(row["over_share"] * row["draws"]), whole=row["draws"]),
            amount(row["coercion"], "share"), amount(row["regret_mean"], "share"), amount(row["regret_max"], "share"),
            against,
        ])  # fmt: skip
    heads = (
        "mix",
        "kept",
        "interval",
        "yuan",
        "hours",
        "over_budget",
        "coercion",
        "regret_mean",
        "regret_max",
        "against",
    )
    drawn = inputs["draws"] is not None
    names = ", ".join(kept.manifest["menu"]["interventions"])
    story = Story(
        kind=word("kind.policy"), title=word("policy.question", budget=budget, names=names), findings=findings,
        remarks=[word("policy.remark", claimed=amount(chosen["claimed"], "share"), kept=amount(chosen["kept"], "share"))],
        limits=("values_drawn" if drawn else "values", "documents", "content", "causal"),
        change=(word("policy.change"), f"grassroots compare {shlex.quote(kept.manifest['menu']['scenario'])} "
                f"{SCENARIO_FILE} --draws posterior"),
        sections=[
            Section(word("policy.contents"), word("policy.contents_note"), rows=rows_of(
                ("intervention", "strength", "from_week", "to_week"), _contents(chosen))),
            *pictures(kept, PICTURES, "policy"),
            Section(word("policy.table"), word("policy.table_note"), rows=rows_of(heads, rows)),
            Section(word("policy.scenario"), text=(SCENARIO_FILE, kept.read(SCENARIO_FILE).decode())),
        ],
    )  # fmt: skip
    return rendered("analysis.html", story, kept.manifest, kept.tables, {label: letters_of([label])[0]})


def _contents(chosen: dict[str, object]) -> list[list[str | Text]]:
    """Return the interventions of the chosen mix with their strength and weeks."""
    names = [key.removeprefix("strength.") for key in chosen if key.startswith("strength.")]
    return [
        [name_in("interventions", name), f"{100 * float(str(chosen[f'strength.{name}'])):.0f}\u00a0%",
         str(chosen[f"start.{name}"]), str(chosen[f"stop.{name}"])]
        for name in names
        if float(str(chosen[f"strength.{name}"])) > 0
    ]  # fmt: skip
