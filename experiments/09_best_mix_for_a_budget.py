"""Which mix of levers keeps most households a year after the programme, for 300,000 yuan and 4,000 unpaid hours?

A village of a small town, over the posterior: how much of contact, example, volunteers, cadres, gifts and works to buy,
when to begin and stop, and whom to turn to. The mixes that the search likes best are judged on draws and luck that took no
part in it, beside the plain ones: everything on one lever, equal shares, and nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.analysis.menu import load_menu
from sim.analysis.policy import optimise
from sim.analysis.policy_runs import OUTCOMES, PolicyRuns
from sim.analysis.remembered import Remembered
from sim.commands.options import progress
from sim.report.policy import policy_text, prices_text, rows_file, save_policy
from sim.results import write_text
from sim.uncertainty.draw_table import load_draw_table

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--draws", default="posterior", help="table of draws")
parser.add_argument("--trials", type=int, default=400)
parser.add_argument("--luck", type=int, default=64, help="runs of a finalist in the search; a trial has a quarter")
parser.add_argument("--judged", type=int, default=60, help="draws of the judgement, 2 runs each")
parser.add_argument("--out", type=Path, default=Path("results/reference/09_best_mix_for_a_budget"))
options = parser.parse_args()

SEED, BUDGET = 9, {"yuan": 300_000.0, "hours": 4_000.0}
menu = load_menu("village")
runs = PolicyRuns(menu, load_draw_table(options.draws), SEED, options.luck, (options.judged, 2), None)
with Remembered(rows_file(runs, Path("results"), "village")) as kept:
    runs.kept, runs.report = kept, progress()
    priced = runs.levers(BUDGET)
    found = optimise(
        runs, priced, BUDGET, outcomes=OUTCOMES, search=runs.search, fresh=runs.fresh, settings=menu.settings,
        trials=options.trials, finalists=8, seed=SEED,
    )  # fmt: skip
    runs.finish()
title = f"Best mix found for {BUDGET['yuan']:,.0f} yuan and {BUDGET['hours']:,.0f} hours"
text = policy_text(save_policy(found, runs, options.out, title), BUDGET)
write_text(options.out / "policy.txt", f"{prices_text(priced, menu, BUDGET)}\n\n{text}\n")
print(text)
