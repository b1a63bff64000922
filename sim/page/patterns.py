"""The page of the documents' patterns: which of them the model reproduces, quantity by quantity."""

from __future__ import annotations

from sim.analysis.patterns import NO, YES, rows_in, value_text
from sim.page.frame import rendered
from sim.page.story import Kept, Section, Story, pictures, rows_of
from sim.page.words import Text, between, word
from sim.report.patterns import QUANTITIES, VERDICTS


def kept_page(kept: Kept) -> str:
    """Return the page of kept patterns."""
    verdicts, quantities = kept.tables[VERDICTS], rows_in(kept.tables[QUANTITIES])
    parts = {
        "reproduced": verdicts["verdict"] == YES, "failed": verdicts["verdict"] == NO,
        "open": ~verdicts["verdict"].isin([YES, NO]),
    }  # fmt: skip
    findings = [
        word(f"patterns.{part}", number=which.sum(), all=len(verdicts), names=", ".join(verdicts["pattern"][which]))
        for part, which in parts.items() if which.any()
    ]  # fmt: skip
    summary: list[list[str | Text]] = [
        [f"{row['pattern']}: {row['statement']}", row["use"], row["quantities"], row["verdict"], row["why"]]
        for row in verdicts.to_dict("records")
    ]
    each: list[list[str | Text]] = [
        [f"{row['pattern']}: {row['quantity']} ({row['runs']})", row["unit"], row["wanted"] or "-", value_text(row),
         between(row["low"], row["high"], "{:.3g}".format),
         row["verdict"]]
        for row in quantities
    ]  # fmt: skip
    story = Story(
        kind=word("kind.patterns"), title=word("patterns.question"), findings=findings,
        limits=("compatible", "documents", "causal"),
        remarks=[word("patterns.remark", replicates=kept.manifest["inputs"]["replicates"])],
        change=(word("patterns.change"), "grassroots calibrate"),
        sections=[
            Section(word("patterns.summary"), rows=rows_of(("pattern", "role", "reproduced", "judged", "why_so"), summary)),
            *pictures(kept, ("places",), "patterns"),
            Section(word("patterns.quantities"), rows=rows_of(
                ("pattern", "unit", "wanted", "mean", "interval", "judged"), each)),
        ],
    )  # fmt: skip
    return rendered("analysis.html", story, kept.manifest, kept.tables, {})
