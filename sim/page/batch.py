"""The page of a scenario's runs: what comes out, how far runs differ, its curves, and a typical run played."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from sim.analysis.compare import Comparison
from sim.analysis.intervals import interval
from sim.analysis.stored import stored_scenario, stored_table
from sim.engine.outcomes import EFFECTS, unit_of, unit_text
from sim.page.data import letters_of, viewer_data
from sim.page.frame import rendered
from sim.page.story import DRAWN_LIMITS, LIMITS, Kept, Section, Story, rows_of
from sim.page.typical import replayed_runs
from sim.page.words import Text, between, name_in, title_of, word
from sim.report.sources import source_tables
from sim.report.text_tables import amount
from sim.scenario import Scenario, load_scenario, scenario_names

if TYPE_CHECKING:
    import pandas as pd


def kept_page(kept: Kept) -> str:
    """Return the page of a scenario's kept runs."""
    item = kept.entry
    scenario, label = stored_scenario(item), item.name
    runs = Comparison({label: scenario}, item.seed, item.weeks, item.replicates, {label: stored_table(item)}, [])
    titles = {label: title_of(scenario.title, scenario.interventions)}
    drawn = bool(item.draws)
    replayed = None if drawn else replayed_runs({label: scenario}, runs.totals, item.seed, item.weeks)
    rows = [_row(runs, outcome, item.runs) for outcome in EFFECTS]
    (adopted,) = runs.paired("adopted", label)
    found = interval(adopted)
    mean, low, high, least, most = (
        amount(found[name], "share") for name in ("difference", "low", "high", "spread_low", "spread_high")
    )
    known = found["low"] == found["low"]
    finding = word("batch.finding" if known else "batch.finding_few", title=titles[label], mean=mean, low=low, high=high,
                   weeks=item.weeks)  # fmt: skip
    remark = word("batch.over_draws" if drawn else "batch.runs", runs=f"{item.runs:,}", low=least, high=most)
    story = Story(
        kind=word("kind.batch"), title=word("batch.question", title=titles[label], weeks=item.weeks), findings=[finding],
        remarks=[remark, word("adopted_means")], limits=DRAWN_LIMITS if drawn else LIMITS,
        change=(word("batch.change"), f"grassroots compare {shlex.quote(label)}"),
        replay=replayed.said(item.seed) if replayed else [word("replay_none")],
        data=viewer_data(titles, runs.curves, replayed.films if replayed else {}),
        sections=[Section(word("batch.table"), word("batch.table_note"), rows=rows_of(
            ("outcome", "unit", "mean", "interval", "spread", "defined"), rows))],
    )  # fmt: skip
    (letter,) = letters_of([label])
    return rendered("analysis.html", story, kept.manifest, _sources(label, scenario), {label: letter})


def _row(runs: Comparison, outcome: str, count: int) -> list[str | Text]:
    unit = unit_of(outcome)
    (values,) = runs.paired(outcome, runs.reference)
    found = interval(values)

    def said(value: float) -> str:
        return amount(value, unit)

    return [
        name_in("outcomes", outcome), name_in("units", unit_text(unit)), amount(found["difference"], unit),
        between(found["low"], found["high"], said), between(found["spread_low"], found["spread_high"], said),
        word("of", part=f"{values.size:,}", whole=f"{count:,}"),
    ]  # fmt: skip


def _sources(label: str, scenario: Scenario) -> dict[str, pd.DataFrame]:
    """Return the sources of a scenario of the package; runs are kept without those of other scenarios."""
    if label not in scenario_names():
        return {}
    shipped = load_scenario(label)
    return source_tables({label: shipped}) if shipped == scenario else {}
