"""Which of the documents' patterns do the default parameters and the nine places reproduce?

Runs the places with and without their programmes, and some with a part left out, all under the same luck, and sets what
comes of them against seeds/patterns.yaml. Nothing is fitted here; a pattern that fails is told as failing.
"""

from __future__ import annotations

from pathlib import Path

import study

from sim.analysis.pattern_measures import PLACES, RUNS
from sim.analysis.patterns import by_pattern, courses, judge, markdown, run_all
from sim.evidence import load_register
from sim.figures.places import places
from sim.results import write_text
from sim.scenario import load_scenario

FULL = {"replicates": 20}
TINY = {"replicates": 2}
SEED = 10
INTRODUCTION = """# Patterns: what the model reproduces of the documents, and what not

Written by `python experiments/10_patterns_and_places.py`; don't edit it, a test compares it with
`results/reference/10_patterns_and_places/patterns.csv`.

The default parameters, and the nine places of `scenarios/places/` with them, against every pattern of
`seeds/patterns.yaml`, over {replicates} replicates. A quantity is *reproduced* when the 95 % interval of its mean
over replicates lies where it must, and a pattern when all of its quantities are; rows without a band are for
information. Bands are the register's where it has one, and else assumptions that stand in the column *By*. Nothing was
fitted to the places, whose sizes, dates and strengths are mostly assumptions themselves: a failure may be the model's
or the scenario's, and a success isn't proof of either.

*How blind it is.* P3, P6, P7 and P8 are held out by the register, but P3 isn't blind: the default values were chosen
among draws that meet its bands in the default village, and the priors had been tried on P3 and P7. Bands that are
assumptions for P6, P7 and P8 come from a draft of the places that was made before any of them ran. P1's 0.6 for Dungen
was set after one run of each place had been seen. After a first table of 8 replicates three rows were added (P7 "one at
least and not all", P4 "13 weeks after", S04 in the default village) and the basis of P7's 0.05 to 0.5 was reworded from
"some, not all"; no band was moved, and no pattern's verdict changed by it. Representatives, whom S38 names and for
whom there was no intervention at first, joined Dungen's team after the full table had been seen: P6 is reproduced only since
then, and P1 and P8 still fail.

![Adopted households by place](../results/reference/10_patterns_and_places/places.png)
"""


def main(root: Path, replicates: int) -> None:
    """Run every place so often, and write the page of the docs too."""
    register = load_register()
    runs = run_all(RUNS, SEED, replicates)
    quantities = judge(runs, register)
    patterns = by_pattern(quantities, register)
    tables = markdown(quantities, patterns)
    titles = {place: load_scenario(f"places/{place}").title for place in PLACES}
    folder = study.results_folder(root, __file__)
    study.keep(folder, {"patterns": quantities}, {"places": places(courses(runs), titles)})
    write_text(folder / "patterns.md", tables)
    write_text(root / "docs" / "PATTERNS.md", f"{INTRODUCTION.format(replicates=replicates)}\n{tables}")
    print(patterns[["pattern", "use", "quantities", "verdict"]].to_string(index=False))


if __name__ == "__main__":
    study.command(main)
