"""Which villages should a town choose as pilots if the others are to copy them?

A town of 32 unequal villages. Eight pilots run the intensive campaign, and any other village may copy them once those that
have begun are far enough ahead (P6, P7). The pilots are the best organised villages, the least organised, those with the
most or the fewest newcomers, the largest, the smallest, or eight drawn at random ("any").
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import study

from sim.analysis.intervals import CLEAR
from sim.analysis.response import Variant, respond
from sim.figures.response import response_lines
from sim.scenario import load_scenario
from sim.scenario.schema import Village
from sim.uncertainty.draw_table import load_draw_table

FULL = {"draws": 20, "replicates": 4}
TINY = {"draws": 2, "replicates": 1}
SEED, WEEKS, PILOTS = 6, 156, 8
CHOICES: dict[str, Callable[[Village], float]] = {
    "any": lambda village: 0.0,
    "most members": lambda village: -village.party_members / village.households,
    "fewest members": lambda village: village.party_members / village.households,
    "most newcomers": lambda village: -village.newcomer_share,
    "fewest newcomers": lambda village: village.newcomer_share,
    "largest": lambda village: -village.households,
    "smallest": lambda village: village.households,
}
TOWN = load_scenario("campaign_rollout")


def variant(number: int, choice: str) -> Variant:
    """Return the town with pilots by a choice of `CHOICES`; the roll-out draws them at random for "any"."""
    chosen = sorted(TOWN.villages, key=CHOICES[choice])[:PILOTS]
    names = [] if choice == "any" else [village.name for village in chosen]
    return Variant("town", number, load_scenario("campaign_rollout", [{"interventions.rollout.pilot_villages": names}]))


def finding_of(against: pd.DataFrame, draws: int, replicates: int) -> str:
    """Return the finding on the table of differences from any pilots."""
    adoption = against[against["outcome"] == "adopted"]
    gains = "; ".join(
        f"{row['pilots']} {100 * row['mean']:+.1f} [{100 * row['low']:+.1f}, {100 * row['high']:+.1f}]"
        for _, row in adoption.iterrows()
    )
    clear = ", ".join(adoption[adoption["verdict"].isin(CLEAR)]["pilots"]) or "none of them"
    return f"""
    Percentage points of adopted households in the whole town after three years, compared with pilots drawn by lot, with
    95 % intervals over {draws} draws with {replicates} replicates each: {gains}. Distinguishable from luck: {clear}.
    All draws share the luck of {replicates} towns, which decides more than the draws do; one replicate of 16 draws, taken
    for independent, once made the best organised villages look like the worst pilots. The largest villages come nearest
    to a difference (a large village puts more households into the campaign at once, and costs more hours): over the
    mean of all weeks their interval is above 0, which may still be chance among this many comparisons. How sure:
    {replicates} towns are few, and differences of ten points in either direction remain possible. What would change it: more
    replicates; and in the model any village sees every other, and an easy success counts as much as a hard one: if
    villages copy neighbours, or believe only in successes of villages like themselves, the choice may matter more.
    """


def main(root: Path, draws: int, replicates: int) -> None:
    """Run every variant over draws of the posterior. replicates : of each draw."""
    posterior = load_draw_table("posterior").head(draws)
    variants = [variant(number, choice) for number, choice in enumerate(CHOICES)]
    variants.append(Variant("no programme", 0, load_scenario("town")))
    response = respond(variants, posterior, ("adopted", "mean_adopted", "hours"), replicates, SEED, WEEKS)
    table = response.table()
    against = response.against("town", 0)
    against["pilots"] = [list(CHOICES)[int(x)] for x in against["x"]]
    words = dict(list(enumerate(CHOICES))[1:])
    figure = response_lines(against, ["adopted"], "Pilots", settings=words, less="with any pilots")
    finding = finding_of(against, draws, replicates)
    folder = study.results_folder(root, __file__)
    study.keep(folder, {"response": table, "against_any": against}, {"response": figure}, finding=finding)
    print(against.to_string(index=False, float_format="%.3f"))
    print(finding)


if __name__ == "__main__":
    study.command(main)
