"""The page of a sensitivity study: on which values an outcome depends, and whether the study was large enough."""

from __future__ import annotations

import shlex
from typing import Any

from sim.analysis.sensitivity.convergence import HEADLINE
from sim.analysis.sensitivity.indices import DUMMY
from sim.engine.outcomes import difference_unit, unit_of
from sim.page.data import letters_of
from sim.page.frame import rendered
from sim.page.story import Kept, Section, Story, pictures, rows_of
from sim.page.words import Text, between, name_in, word
from sim.report.text_tables import amount

TOLD = 3
"""Values that the sentences name."""
KINDS = {"morris": ("mu_star", "mu", "sigma"), "sobol": ("ST", "S1"), "pawn": ("pawn", "pawn_max")}
"""The indices of each method, the one that ranks first."""
PICTURES = ("morris", "indices", "convergence", "weeks", "pairs")


def kept_page(kept: Kept) -> str:
    """Return the page of a kept study."""
    inputs = kept.manifest["inputs"]
    method, outcome, labels = inputs["method"], inputs["outcome"], inputs["order"]
    kinds, unit = KINDS[method], unit_of(outcome)
    indices = kept.tables["indices"]
    indices = indices[(indices["other"] == "") & (indices["parameter"] != DUMMY)]
    ranked = indices[indices["index"] == HEADLINE[method]].sort_values("value", ascending=False, kind="stable")
    titles = [inputs["scenarios"][label]["title"] for label in labels]
    named = name_in("outcomes", outcome)
    if len(labels) == 1:
        title = word("sensitivity.question", outcome=named, title=titles[0])
    else:
        title = word("sensitivity.question_difference", outcome=named, title=titles[0], reference=titles[1])

    def size(value: float) -> str:
        return amount(value, unit) if method == "morris" else f"{value:.2f}"

    def bounds(row: dict[Any, Any]) -> Text:
        return between(row["low"], row["high"], size)

    told = {kind for kind in kinds if indices.loc[indices["index"] == kind, "low"].notna().any()}  # sigma has none
    rows = []
    for parameter in ranked["parameter"]:
        mine = indices[indices["parameter"] == parameter].set_index("index")
        cells: list[str | Text] = [parameter]
        for kind in kinds:
            one = mine.loc[kind].to_dict()
            cells += [size(one["value"]), *[bounds(one)] * (kind in told)]
        rows.append(cells)
    heads = ["key", *(head for kind in kinds for head in (f"index.{kind}", *["interval_of_it"] * (kind in told)))]
    verdict = kept.tables["verdict"]["verdict"].iloc[0]
    converged = "not converged" not in verdict
    findings = [
        word(f"sensitivity.{method}", rank=rank, of=row["parameter"], value=size(row["value"]), bounds=bounds(row),
             unit=name_in("units", difference_unit(unit)))
        for rank, row in enumerate(ranked.head(TOLD).to_dict("records"), 1) if row["value"] > 0
    ] or [word("sensitivity.nothing")]  # fmt: skip
    findings.append(word("sensitivity.converged" if converged else "sensitivity.not_converged"))
    remarks = [word("sensitivity.verdict", verdict=verdict)]
    if "luck" in kept.tables:
        luck = kept.tables["luck"].to_dict("records")[0]
        low, share, high = (f"{100 * luck[name]:.1f}" for name in ("low", "share", "high"))
        few = luck["low"] != luck["low"]
        remarks.append(
            word("sensitivity.luck_few") if few else word("sensitivity.luck", share=share, low=low, high=high)
        )
    story = Story(
        kind=word("kind.sensitivity"), title=title, findings=findings, remarks=remarks, limits=("values_varied", "documents",
        "content", "causal"), change=(word("sensitivity.change"), " ".join(
            ["grassroots compare", *map(shlex.quote, reversed(labels)), "--draws posterior"])),
        sections=[
            *pictures(kept, PICTURES, "sensitivity"),
            Section(word("sensitivity.table"), word("sensitivity.table_note"), rows=rows_of(heads, rows)),
        ],
    )  # fmt: skip
    return rendered(
        "analysis.html", story, kept.manifest, kept.tables, dict(zip(labels, letters_of(labels), strict=True))
    )
