"""Do the poor road and the rich road lead to one end (P8), and would each suit the other village?

Dungen has newcomers and no donors, and goes by association, team and example; Shangxi has donors, gifts and praise. Both
settings meet both programmes and none, over three years and the same draws. The documents tell that both arrive; they
don't say what either programme would have done in the other place.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.analysis.response import Variant, respond
from sim.figures.response import response_lines
from sim.report import save_study
from sim.scenario import load_scenario, with_values, without_programme
from sim.uncertainty.draw_table import load_draw_table

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--draws", default="posterior", help="table of draws")
parser.add_argument("--most", type=int, default=100, help="draws at most, from the table's first on")
parser.add_argument("--replicates", type=int, default=4, help="of each draw")
parser.add_argument("--out", type=Path, default=Path("results/reference/07_poor_dungen_and_rich_shangxi"))
options = parser.parse_args()
draws = load_draw_table(options.draws).head(options.most)

SEED, WEEKS = 7, 156
PLACES = {name: load_scenario(f"places/{name}") for name in ("dungen", "shangxi")}
SETTING = ("newcomer_share", "worthies", "volunteers", "plan.public_cleanliness")


def setting(place: str) -> dict[str, float]:
    """Return what makes the place what it is, as values of a scenario."""
    village = PLACES[place].villages[0]
    plain = village.model_dump()
    return {f"village.{key}": plain["plan"][key[5:]] if key.startswith("plan.") else plain[key] for key in SETTING}


variants = []
for number, place in enumerate(PLACES):
    for programme, scenario in PLACES.items():
        variants.append(Variant(f"{programme.capitalize()}'s programme", number, with_values(scenario, setting(place))))
    variants.append(Variant("no programme", number, without_programme(PLACES[place])))
found = respond(variants, draws, ("adopted", "newcomer_gap", "yuan"), options.replicates, SEED, WEEKS)
table = found.table()
roads = found.differences("Dungen's programme", "Shangxi's programme")
words = {number: f"as in {place.capitalize()}" for number, place in enumerate(PLACES)}
figure = response_lines(table, ["adopted", "newcomer_gap"], "Setting", settings=words)
finding = """
FINDING
"""
save_study(options.out, {"response": table, "roads": roads}, {"response": figure}, finding)
print(table.to_string(index=False, float_format="%.3f"))
print(roads.to_string(index=False, float_format="%.3f"))
print(finding)
