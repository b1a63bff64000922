"""The tables that commands print with --json: the meaning of a row, and the units of columns, by the table's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

DIFFERENCE = ("difference", "low", "high", "spread_low", "spread_high")
EFFECT = ("reference_mean", "mean", *DIFFERENCE)
MIX = MappingProxyType({"kept": "share", "yuan": "yuan", "hours": "hours", "coercion": "share"})
"""The outcomes of a mix of interventions, and their units."""


@dataclass(frozen=True)
class Form:
    """A table's form.

    row : what a row is. units : of columns; that of ``x`` is also that of ``x.y``. by_row : columns whose unit stands in
    the row's own column ``unit``.
    """

    row: str
    units: Mapping[str, str] = field(default_factory=dict)
    by_row: tuple[str, ...] = ()


TABLES: Mapping[str, Form] = {
    "scenarios": Form("a scenario of the package"),
    "checked": Form("a scenario without mistakes", {"weeks": "weeks", "bytes": "B"}),
    "values": Form("a value of the scenario", by_row=("value", "low", "high")),
    "documents": Form("a document of the register"),
    "records": Form("a fact of a document", by_row=("value", "low", "high")),
    "patterns": Form("a pattern of the documents"),
    "literature": Form("a finding of the literature", by_row=("low", "high")),
    "parameters": Form("a scenario value that cites the requested evidence"),
    "outcomes": Form("an outcome of the run", by_row=("value",)),
    "villages": Form("a village of the run"),
    "batch": Form("a scenario and outcome: mean and percentiles over runs", by_row=("mean", "q05", "q95")),
    "effects": Form("a scenario and outcome, against the reference", by_row=EFFECT),
    "notes": Form("a way in which scenarios differ besides their programmes"),
    "pairing": Form("a scenario and outcome: the runs that pairs save", by_row=("paired_sd", "independent_sd")),
    "interaction": Form(
        "an outcome of two scenarios and of both together",
        dict.fromkeys(("sum_of_parts", "effect_together", *DIFFERENCE), "share"),
    ),
    "attribution": Form("a scenario and term of the decision: climbs", dict.fromkeys(EFFECT, "climbs") | {"share": "share"}),
    "address": Form("the address of the page, while it is served"),
    "cost": Form("the study that would be run", {"seconds": "s", "seconds_a_draw": "s", "weeks": "weeks"}),
    "indices": Form("an index of a value, or of two values", by_row=("value", "low", "high")),
    "points": Form(
        "a point of the sweep and an outcome",
        by_row=("mean", "low", "high", "spread_low", "spread_high", "reference_mean", "difference", "difference_low",
                "difference_high"),
    ),
    "luck": Form("the share of luck in the outcome", by_row=("sd",)),
    "verdict": Form("whether more runs are needed"),
    "waves": Form(
        "a target of a wave of history matching", {"q2": "1", "widened": "1", "left_before": "share", "left": "share"},
        ("sd_between_seeds",),
    ),
    "acceptance": Form("a round of real runs"),
    "fit": Form(
        "a target: its two bounds, and the draws' mean and percentiles",
        by_row=("first", "second", "mean", "q05", "q50", "q95"),
    ),
    "marginals": Form(
        "a value: prior, posterior, default",
        by_row=(
            *(f"{which}_{what}" for which in ("prior", "posterior") for what in ("mean", "sd", "05", "50", "95")),
            "medoid", "default",
        ),
    ),
    "scores": Form("a quantity of a pattern, over the draws", by_row=("value", "low", "high")),
    "pattern_verdicts": Form("a pattern of the documents, and whether the model reproduces it"),
    "quantities": Form("a quantity of a pattern, over replicates", by_row=("value", "low", "high")),
    "defaults": Form("the default values compared with the posterior", {"more_central": "share"}),
    "shares": Form(
        "an outcome and intervention: Shapley share", {"part": "share"}, ("share", "low", "high", "alone", "last")
    ),
    "mechanisms": Form(
        "a mechanism: the programme's effect without it",
        by_row=("effect", "without_programme", "carried", "low", "high"),
    ),
    "prices": Form("an intervention at full size, beyond the routine", {"yuan": "yuan", "hours": "hours"}),
    "policies": Form(
        "a mix of interventions, judged with fresh luck",
        {f"{outcome}{end}": unit for end in ("", "_low", "_high") for outcome, unit in MIX.items()}
        | dict.fromkeys(("claimed", "drop", "over_share", "best_share", "difference", "low", "high"), "share")
        | dict.fromkeys(("regret_mean", "regret_max", "strength"), "share")
        | dict.fromkeys(("start", "stop"), "week"),
    ),
    "kept": Form("a folder of results", {"weeks": "weeks", "bytes": "B"}),
    "removed": Form("a folder of results that was removed", {"weeks": "weeks", "bytes": "B"}),
    "rows": Form("a row of the query's answer; units are null, because SQL may have changed them"),
}  # fmt: skip
