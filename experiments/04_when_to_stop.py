"""When may a campaign stop: for how many weeks must it run so that households go on a year after it?

The default village. The intensive campaign (daily visits, volunteers, members who lead) runs for a number of weeks, alone
or with a gift over the same weeks, and is then left alone for a year. A village keeps it up when half of its households
have adopted a year after the last lever stopped.
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
parser.add_argument("--out", type=Path, default=Path("results/reference/04_when_to_stop"))
options = parser.parse_args()
draws = load_draw_table(options.draws).head(options.most)

SEED, WEEKS, HALF = 4, 156, 0.5
STOPS = (4, 8, 13, 20, 26, 39, 52, 78, 104)
LEVERS = ("household_contact", "volunteer_team", "role_model", "donation")


def variant(series: str, stop: int) -> Variant:
    """Return the campaign that stops after so many weeks."""
    changes: dict[str, float] = {f"interventions.{lever}.stop": stop for lever in LEVERS}
    changes["interventions.donation.strength"] = 1 if series == "with a gift" else 0
    return Variant(series, stop, load_scenario("campaign_and_donation", [changes]))


variants = [variant(series, stop) for series in ("campaign alone", "with a gift") for stop in STOPS]
found = respond(variants, draws, ("adopted_year_after", "peak_adopted"), options.replicates, SEED, WEEKS)
table = found.table()
tipped = found.tipped("adopted_year_after", HALF)
figure = response_lines(table, ["adopted_year_after", "peak_adopted"], "Weeks that the campaign runs")
finding = """
FINDING
"""
save_study(options.out, {"response": table, "kept": tipped}, {"response": figure}, finding)
print(tipped.to_string(index=False, float_format="%.2f"))
print(finding)
