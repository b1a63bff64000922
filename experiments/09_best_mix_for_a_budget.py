"""Which mix of interventions keeps most households a year after the programme, for 300,000 yuan and 4,000 unpaid hours?

A village of a small town, over the posterior: how much of contact, example, volunteers, cadres, gifts and works to buy,
when to begin and stop, and whom to address. The best mixes of the search are judged on draws and luck that it didn't use,
together with plain mixes: everything on one intervention, equal shares, and nothing.
"""

from __future__ import annotations

from pathlib import Path

import study

from sim.analysis.intervals import CLEAR
from sim.analysis.menu import load_menu
from sim.analysis.policy import optimise
from sim.analysis.policy_runs import NAME, OUTCOMES, PolicyRuns
from sim.commands.options import pace
from sim.report.policy import policy_report, policy_text, price_table, prices_text, save_policy
from sim.runs import Collection
from sim.uncertainty.draw_table import load_draw_table

FULL = {"trials": 400, "luck": 64, "judged": 60, "finalists": 8}
TINY = {"trials": 12, "luck": 4, "judged": 2, "finalists": 2}
SEED, BUDGET = 9, {"yuan": 300_000.0, "hours": 4_000.0}
RUNS_OF_A_JUDGED_DRAW = 2


def main(root: Path, trials: int, luck: int, judged: int, finalists: int) -> None:
    """Try mixes and judge the finalists.

    trials : mixes to try. luck : runs of a finalist in the search; a trial has a quarter. judged : draws of the judgement.
    """
    menu = load_menu("village")
    runs = PolicyRuns(menu, load_draw_table("posterior"), SEED, luck, (judged, RUNS_OF_A_JUDGED_DRAW), None)
    with Collection(root / "results", NAME) as kept:
        runs.kept, runs.report = kept, study.reporter(pace)
        interventions = runs.interventions(BUDGET)
        policy = optimise(
            runs, interventions, BUDGET, outcomes=OUTCOMES, search=runs.search, fresh=runs.fresh, settings=menu.settings,
            trials=trials, finalists=finalists, seed=SEED,
        )  # fmt: skip
        runs.finish()
    folder = study.results_folder(root, __file__)
    title = f"Best mix found for {BUDGET['yuan']:,.0f} yuan and {BUDGET['hours']:,.0f} hours"
    report = policy_report(runs, root / "results", "village", BUDGET, trials, finalists, folder)
    prices = price_table(interventions, menu, BUDGET)
    table = save_policy(policy, runs, report, title, prices)
    text = f"{prices_text(prices)}\n\n{policy_text(table, BUDGET)}"
    by_mix = table.set_index("mix")
    (chosen,) = table[table["chosen"]].to_dict("records")
    single = by_mix[by_mix.index.str.startswith("all on")]["kept"]
    equals = table[~table["chosen"] & ~table["verdict"].isin(CLEAR)]["mix"]
    finding = f"""
    The mix that the search chose keeps {chosen["kept"]:.0%} of households a year after the programme
    [{chosen["kept_low"]:.0%}, {chosen["kept_high"]:.0%}] with draws and luck that weren't used in the search, which had
    claimed {chosen["claimed"]:.0%}; nothing keeps {by_mix.loc["nothing", "kept"]:.0%}, the best single intervention
    ({single.idxmax()[7:]}) {single.max():.0%}, an equal split {by_mix.loc["equal split", "kept"]:.0%}. Not
    distinguishable from it: {", ".join(equals) or "none"}. How sure: it is the best of all these mixes in
    {chosen["best_share"]:.0%} of the draws, its mean regret is {100 * chosen["regret_mean"]:.1f} points and its
    greatest {100 * chosen["regret_max"]:.0f}, and in {chosen["over_share"]:.0%} of the draws it spends more than the
    budget, which holds on average only. What would change it: prices and hours, which no document gives and which are
    assumptions throughout; a limit on how far members' time can be stretched; and other bounds in the menu, since
    interventions can't be bought beyond their full size there.
    """
    study.keep(folder, {}, texts={"policy": text + "\n"}, finding=finding)
    print(text + "\n" + finding)


if __name__ == "__main__":
    study.command(main)
