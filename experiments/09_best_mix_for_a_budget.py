"""Which mix of interventions keeps most households a year after the programme, for 300,000 yuan and 4,000 unpaid hours?

A village of a small town, over the posterior: how much of contact, example, volunteers, cadres, gifts and works to buy,
when to begin and stop, and whom to turn to. The mixes that the search likes best are judged on draws and luck that took no
part in it, beside the plain ones: everything on one intervention, equal shares, and nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from textwrap import fill

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
    priced = runs.interventions(BUDGET)
    found = optimise(
        runs, priced, BUDGET, outcomes=OUTCOMES, search=runs.search, fresh=runs.fresh, settings=menu.settings,
        trials=options.trials, finalists=8, seed=SEED,
    )  # fmt: skip
    runs.finish()
title = f"Best mix found for {BUDGET['yuan']:,.0f} yuan and {BUDGET['hours']:,.0f} hours"
table = save_policy(found, runs, options.out, title)
text = policy_text(table, BUDGET)
write_text(options.out / "policy.txt", f"{prices_text(priced, menu, BUDGET)}\n\n{text}\n")
by_mix = table.set_index("mix")
(chosen,) = table[table["chosen"]].to_dict("records")
single = by_mix[by_mix.index.str.startswith("all on")]["kept"]
equals = table[~table["chosen"] & table["verdict"].isin(("not distinguishable", "the same"))]["mix"]
finding = f"""
The mix that the search chose keeps {chosen["kept"]:.0%} of households a year after the programme
[{chosen["kept_low"]:.0%}, {chosen["kept_high"]:.0%}] on draws and luck that took no part in the search, which had
claimed {chosen["claimed"]:.0%}; nothing keeps {by_mix.loc["nothing", "kept"]:.0%}, the best single intervention
({single.idxmax()[7:]}) {single.max():.0%}, equal shares {by_mix.loc["equal split", "kept"]:.0%}. Not
distinguishable from it: {", ".join(equals) or "none"}. How sure: it is the best of all these mixes in
{chosen["best_share"]:.0%} of the draws, its mean regret is {100 * chosen["regret_mean"]:.1f} points and its
greatest {100 * chosen["regret_max"]:.0f}, and in {chosen["over_share"]:.0%} of the draws it spends more than the
budget, which holds on average only. What would change it: prices and hours, which no document gives and which are
assumptions throughout; a limit on how far members' time can be stretched; and other bounds in the menu, since
interventions can't be bought beyond their full size there.
"""
write_text(options.out / "finding.md", fill(" ".join(finding.split()), 100) + "\n")
print(text + "\n" + finding)
