"""The page of a calibration: which values are compatible with the documents, what was learnt, and which patterns hold."""

from __future__ import annotations

import json

from sim.analysis.calibration.fit_patterns import BANDS
from sim.analysis.calibration.predictive import PARTS
from sim.analysis.calibration.result import NARROWED, OPEN
from sim.page.frame import rendered
from sim.page.story import Kept, Section, Story, pictures, rows_of
from sim.page.words import Text, word
from sim.report.calibration import ORIGIN
from sim.report.text_tables import amount

PICTURES = ("marginals", "pairs", "predictive")
REPRODUCED = "reproduced"


def kept_page(kept: Kept) -> str:
    """Return the page of a kept calibration."""
    origin = json.loads(kept.read(ORIGIN))
    marginals, scores = kept.tables["marginals"].sort_values("sd_ratio", kind="stable"), kept.tables["scores"]
    narrowed = marginals[marginals["verdict"] == NARROWED]
    held_out = scores[scores["part"] == PARTS[3]]
    findings = [
        word("calibration.accepted", accepted=origin["accepted"], considered=f"{origin['considered']:,}"),
        word("calibration.open", open=int((marginals["verdict"] == OPEN).sum()), values=len(marginals),
             narrowed=", ".join(narrowed["key"].head(4)) or "-"),
        word("calibration.held_out", good=int((held_out["verdict"] == REPRODUCED).sum()), all=len(held_out)),
    ]  # fmt: skip
    fit: list[list[str | Text]] = [
        [f"{BANDS[row['target']].pattern}: {BANDS[row['target']].meaning}",
         word("range", low=f"{row['first']:g}", high=f"{row['second']:g}"), *(f"{row[q]:.3f}" for q in ("q05", "q50", "q95"))]
        for row in kept.tables["fit"].to_dict("records")
    ]  # fmt: skip
    values: list[list[str | Text]] = [
        [row["key"], *(word("range", low=f"{row[f'{what}_05']:.3g}", high=f"{row[f'{what}_95']:.3g}")
                       for what in ("prior", "posterior")),
         f"{100 * row['sd_ratio']:.0f}\u00a0%", f"{100 * row['at_end']:.0f}\u00a0%", _learnt(row["verdict"])]
        for row in marginals.to_dict("records")
    ]  # fmt: skip
    patterns: list[list[str | Text]] = [
        [f"{row['pattern']}: {row['quantity']} ({row['runs']})", row["wanted"] or "-", amount(row["value"], row["unit"]),
         word("range", low=amount(row["low"], row["unit"]), high=amount(row["high"], row["unit"]))
         if row["low"] == row["low"] else "-", row["part"], row["verdict"]]
        for row in scores.to_dict("records")
    ]  # fmt: skip
    story = Story(
        kind=word("kind.calibration"), title=word("calibration.question"), findings=findings,
        limits=("compatible", "documents", "causal"),
        remarks=[word("calibration.remark", simulations=f"{origin['simulations']:,}")],
        change=(word("calibration.change"), "grassroots calibrate --only-fit"),
        sections=[
            Section(word("calibration.fit"), rows=rows_of(("pattern", "band", "q05", "q50", "q95"), fit)),
            *pictures(kept, PICTURES, "calibration"),
            Section(word("calibration.values"), word("calibration.values_note"), rows=rows_of(
                ("key", "prior", "posterior", "sd_ratio", "at_end", "learnt"), values)),
            Section(word("calibration.patterns"), word("calibration.patterns_note"), rows=rows_of(
                ("pattern", "wanted", "mean", "interval", "role", "judged"), patterns)),
        ],
    )  # fmt: skip
    return rendered("analysis.html", story, kept.manifest, kept.tables, {})


def _learnt(verdict: str) -> Text:
    return word({NARROWED: "narrowed", OPEN: "not_identified"}.get(verdict, "moved"))
