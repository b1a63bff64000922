"""Does a neighbourhood association bring newcomers in, and does it need a campaign to do so?

The default village over two years with more and more newcomers among its households: no programme, an association of
locals and newcomers (P9), the intensive campaign, and both. The gap is adopted locals less adopted newcomers.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.analysis.response import Variant, respond
from sim.figures.response import response_lines
from sim.report import save_study
from sim.scenario import load_scenario
from sim.uncertainty.draw_table import load_draw_table

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--draws", default="posterior", help="table of draws")
parser.add_argument("--most", type=int, default=100, help="draws at most, from the table's first on")
parser.add_argument("--replicates", type=int, default=4, help="of each draw")
parser.add_argument("--out", type=Path, default=Path("results/reference/05_newcomers_and_the_association"))
options = parser.parse_args()
draws = load_draw_table(options.draws).head(options.most)

SEED, WEEKS = 5, 104
SHARES = (0.1, 0.3, 0.5, 0.7, 0.85)
SCENARIOS = {
    "nothing": "baseline", "association": "neighbourhood_association", "campaign": "campaign",
    "both": "campaign_and_association",
}  # fmt: skip

variants = [
    Variant(series, share, load_scenario(name, [{"village.newcomer_share": share}]))
    for series, name in SCENARIOS.items()
    for share in SHARES
]
found = respond(variants, draws, ("adopted", "newcomer_gap"), options.replicates, SEED, WEEKS)
table = found.table()
alone, beside = found.differences("association", "nothing"), found.differences("both", "campaign")
figure = response_lines(table, ["adopted", "newcomer_gap"], "Share of newcomers among households")
finding = """
FINDING
"""
save_study(options.out, {"response": table, "alone": alone, "beside": beside}, {"response": figure}, finding)
print(alone.to_string(index=False, float_format="%.3f"))
print(beside.to_string(index=False, float_format="%.3f"))
print(finding)
