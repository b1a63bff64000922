"""The tables that commands print with --json, by name: who prints them and when, what a row is, and the units of columns.

`sim.reference` writes their page in ``docs/reference/`` and the JSON Schema of the output, output.schema.json in this folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

DIFFERENCE = ("difference", "low", "high", "spread_low", "spread_high")
EFFECT = ("reference_mean", "mean", *DIFFERENCE)
MIX = MappingProxyType({"kept": "share", "yuan": "yuan", "hours": "hours", "coercion": "share"})
"""The outcomes of a mix of interventions, and their units."""
RUN = "without --preview"


@dataclass(frozen=True)
class Form:
    """A table's form.

    printed_by : the commands that print it, with ", " between. row : what a row is. units : of columns; that of ``x`` is
    also that of ``x.y``. by_row : columns whose unit stands in the row's own column ``unit``. when : in which case the
    commands print it; "" for always.
    """

    printed_by: str
    row: str
    units: Mapping[str, str] = field(default_factory=dict)
    by_row: tuple[str, ...] = ()
    when: str = ""

    @property
    def commands(self) -> list[str]:
        """The commands that print the table."""
        return self.printed_by.split(", ")


TABLES: Mapping[str, Form] = {
    "scenarios": Form("scenarios", "a scenario of the package"),
    "checked": Form("check", "a scenario without mistakes", {"weeks": "weeks", "bytes": "B"}),
    "values": Form("explain", "a value of the scenario", by_row=("value", "low", "high")),
    "documents": Form("evidence", "a document of the register", when="without an ID"),
    "records": Form(
        "evidence",
        "a fact of a document",
        by_row=("value", "low", "high"),
        when="without an ID, or with that of a record",
    ),
    "patterns": Form("evidence", "a pattern of the documents", when="without an ID, or with that of a pattern"),
    "literature": Form(
        "evidence",
        "a finding of the literature",
        by_row=("low", "high"),
        when="without an ID, or with that of a finding",
    ),
    "parameters": Form("evidence", "a scenario value that cites the requested evidence", when="with an ID"),
    "outcomes": Form("run", "an outcome of the run", by_row=("value",)),
    "villages": Form("run", "a village of the run", when="in a world of several"),
    "batch": Form("batch", "a scenario and outcome: mean and percentiles over runs", by_row=("mean", "q05", "q95")),
    "effects": Form("compare, results compare", "a scenario and outcome, against the reference", by_row=EFFECT),
    "notes": Form(
        "compare, results compare", "a way in which scenarios differ besides their programmes", when="if there are any"
    ),
    "pairing": Form(
        "compare",
        "a scenario and outcome: the runs that pairs save",
        by_row=("paired_sd", "independent_sd"),
        when="with --full",
    ),
    "interaction": Form(
        "compare",
        "an outcome of two scenarios and of both together",
        dict.fromkeys(("sum_of_parts", "effect_together", *DIFFERENCE), "share"),
        when="if a scenario combines two others",
    ),
    "attribution": Form(
        "compare", "a scenario and term of the decision: climbs", dict.fromkeys(EFFECT, "climbs") | {"share": "share"}
    ),
    "address": Form("explore", "the address of the page, while it is served"),
    "cost": Form(
        "sweep, sensitivity, calibrate, attribute, optimise",
        "the study that would be run",
        {"seconds": "s", "seconds_a_draw": "s", "weeks": "weeks"},
        when="with --preview",
    ),
    "indices": Form("sensitivity", "an index of a value, or of two values", by_row=("value", "low", "high"), when=RUN),
    "points": Form(
        "sweep",
        "a point of the sweep and an outcome",
        by_row=(
            "mean",
            "low",
            "high",
            "spread_low",
            "spread_high",
            "reference_mean",
            "difference",
            "difference_low",
            "difference_high",
        ),
        when=RUN,
    ),
    "luck": Form("sensitivity", "the share of luck in the outcome", by_row=("sd",), when=RUN),
    "verdict": Form("sensitivity", "whether more runs are needed", when=RUN),
    "waves": Form(
        "calibrate",
        "a target of a wave of history matching",
        {"q2": "1", "widened": "1", "left_before": "share", "left": "share"},
        ("sd_between_seeds",),
        when=RUN,
    ),
    "acceptance": Form("calibrate", "a round of real runs", when=RUN),
    "fit": Form(
        "calibrate",
        "a target: its two bounds, and the draws' mean and percentiles",
        by_row=("first", "second", "mean", "q05", "q50", "q95"),
        when=RUN,
    ),
    "marginals": Form(
        "calibrate",
        "a value: prior, posterior, default",
        by_row=(
            *(f"{which}_{what}" for which in ("prior", "posterior") for what in ("mean", "sd", "05", "50", "95")),
            "medoid",
            "default",
        ),
        when=RUN,
    ),
    "scores": Form("calibrate", "a quantity of a pattern, over the draws", by_row=("value", "low", "high"), when=RUN),
    "pattern_verdicts": Form("patterns", "a pattern of the documents, and whether the model reproduces it"),
    "quantities": Form("patterns", "a quantity of a pattern, over replicates", by_row=("value", "low", "high")),
    "defaults": Form(
        "calibrate", "the default values compared with the posterior", {"more_central": "share"}, when=RUN
    ),
    "shares": Form(
        "attribute",
        "an outcome and intervention: Shapley share",
        {"part": "share"},
        ("share", "low", "high", "alone", "last"),
        when="without --mechanisms",
    ),
    "mechanisms": Form(
        "attribute",
        "a mechanism: the programme's effect without it",
        by_row=("effect", "without_programme", "carried", "low", "high"),
        when="with --mechanisms",
    ),
    "prices": Form("optimise", "an intervention at full size, beyond the routine", {"yuan": "yuan", "hours": "hours"}),
    "policies": Form(
        "optimise",
        "a mix of interventions, judged with fresh luck",
        {f"{outcome}{end}": unit for end in ("", "_low", "_high") for outcome, unit in MIX.items()}
        | dict.fromkeys(("claimed", "drop", "over_share", "best_share", "difference", "low", "high"), "share")
        | dict.fromkeys(("regret_mean", "regret_max", "strength"), "share")
        | dict.fromkeys(("start", "stop"), "week"),
        when=RUN,
    ),
    "kept": Form("results list", "a folder of results", {"weeks": "weeks", "bytes": "B"}),
    "removed": Form("results clean", "a folder of results that was removed", {"weeks": "weeks", "bytes": "B"}),
    "rows": Form(
        "results query",
        "a row of the query's answer; units are null, because SQL may have changed them",
        when="without --out; 50,000 rows at most",
    ),
}
