"""The page of a comparison: what the programmes change, a typical pair played, costs, and what carries the difference."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.analysis.comparable import notes
from sim.analysis.stored import stored_scenario
from sim.base.errors import InputError
from sim.engine.outcomes import EFFECTS
from sim.page.data import letters_of, viewer_data
from sim.page.findings import effects_block, sentences, terms_block
from sim.page.frame import rendered
from sim.page.story import DRAWN_LIMITS, LIMITS, Kept, Story
from sim.page.typical import Replayed, replayed_runs
from sim.page.words import distinct, title_of, word
from sim.report.comparison import titles_of
from sim.report.effects import legend

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

COSTS = ("yuan", "hours", "yuan_per_adopted", "hours_per_adopted")
"""The outcomes that stand under the heading of costs."""


def kept_page(kept: Kept) -> str:
    """Return the page of a kept comparison. Raises InputError if its runs are gone."""
    inputs, folder = kept.manifest["inputs"], kept.entry.folder
    by_hash = {one.hash: one for one in kept.entries}
    scenarios: dict[str, Scenario] = {}
    drawn = False
    for label in inputs["order"]:
        runs = by_hash.get(inputs["scenarios"][label]["runs"])
        if runs is None:
            raise InputError(f"the runs of '{label}' are gone; run the same command again", folder)
        title = inputs["scenarios"][label]["title"]  # runs may have been made under another
        scenarios[label] = stored_scenario(runs).model_copy(update={"title": title})
        drawn = bool(runs.draws)
    replayed = None if drawn else replayed_runs(scenarios, kept.tables["totals"], inputs["seed"], inputs["weeks"])
    return comparison_page(kept.manifest, kept.tables, scenarios, replayed)


def comparison_page(
    manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], scenarios: Mapping[str, Scenario],
    replayed: Replayed | None,
) -> str:  # fmt: skip
    """Return the page as HTML.

    manifest, tables : of the kept report (`sim.report.comparison.save_comparison`). scenarios : by label, the reference
    first. replayed : None over draws.
    """
    inputs, effects, labels = manifest["inputs"], tables["effects"], list(scenarios)
    own_titles = titles_of(scenarios)
    texts = distinct([title_of(own_titles[label], one.interventions) for label, one in scenarios.items()])
    titles = dict(zip(labels, texts, strict=True))
    letters = dict(zip(labels, letters_of(labels), strict=True))
    lettered = {
        label: {code: f"{letters[label]}: {text}" for code, text in title.items()} for label, title in titles.items()
    }
    reference, weeks = titles[labels[0]], inputs["weeks"]
    change = f"grassroots sensitivity {shlex.quote(labels[-1])} --against {shlex.quote(labels[0])}"
    pairs = word("pairs" if replayed else "over_draws", pairs=int(effects["pairs"].max()))
    story = Story(
        kind=word("report"), title=word("question", weeks=weeks, reference=reference),
        findings=sentences(effects, titles, reference), notes=notes(scenarios, weeks), remarks=[pairs, word("adopted_means")],
        limits=LIMITS if replayed else DRAWN_LIMITS, change=(word("change_note"), change),
        replay=replayed.said(inputs["seed"]) if replayed else [word("replay_none")],
        data=viewer_data(titles, tables["curves"], replayed.films if replayed else {}),
    )  # fmt: skip
    return rendered(
        "comparison.html", story, manifest, tables, letters,
        effects=[effects_block(effects, outcome, lettered) for outcome in EFFECTS if outcome not in COSTS],
        costs=[effects_block(effects, outcome, lettered) for outcome in COSTS],
        legend=legend(effects).splitlines(), terms=terms_block(tables["attribution"], lettered),
        why_note=word("why_note", reference=reference),
    )  # fmt: skip
