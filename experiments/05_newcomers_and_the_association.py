"""Does a neighbourhood association bring newcomers in, and does it need a campaign to do so?

The default village over two years with more and more newcomers among its households: no programme, an association of
locals and newcomers (P9), the intensive campaign, and both. The gap is the share of locals who have adopted minus that of
newcomers.
"""

from __future__ import annotations

from pathlib import Path

import study

from sim.analysis.response import Variant, respond
from sim.figures.response import response_lines
from sim.scenario import load_scenario
from sim.uncertainty.draw_table import load_draw_table

FULL = {"draws": 50, "replicates": 4}
TINY = {"draws": 2, "replicates": 1}
SEED, WEEKS = 5, 104
SHARES = (0.1, 0.3, 0.5, 0.7, 0.85)
SCENARIOS = {
    "nothing": "baseline", "association": "neighbourhood_association", "campaign": "campaign",
    "both": "campaign_and_association",
}  # fmt: skip


def main(root: Path, draws: int, replicates: int) -> None:
    """Run every variant over draws of the posterior. replicates : of each draw."""
    posterior = load_draw_table("posterior").head(draws)
    variants = [
        Variant(series, share, load_scenario(name, [{"village.newcomer_share": share}]))
        for series, name in SCENARIOS.items()
        for share in SHARES
    ]
    response = respond(variants, posterior, ("adopted", "newcomer_gap"), replicates, SEED, WEEKS)
    table = response.table()
    alone, added = response.differences("association", "nothing"), response.differences("both", "campaign")
    figure = response_lines(table, ["adopted", "newcomer_gap"], "Share of newcomers among households")
    here = added.set_index(["outcome", "x"])
    nothing = alone.set_index(["outcome", "x"])
    finding = f"""
    Without a campaign, an association changes almost nothing: at most
    {100 * nothing.loc["adopted", "mean"].abs().max():.1f} points of adoption at any share of newcomers, because there
    is no example that its ties could carry. With the campaign it adds {100 * here.loc[("adopted", 0.3), "mean"]:+.1f}
    points if three households in ten are newcomers and {100 * here.loc[("adopted", 0.85), "mean"]:+.1f} if more than
    eight are, and takes {-100 * here.loc[("newcomer_gap", 0.3), "mean"]:.1f} points off a gap that stays: the
    association narrows it and doesn't close it. How sure: with the campaign, the signs hold in at least nine draws of
    ten, for adoption at every share of newcomers and for the gap up to seven newcomers in ten; sizes depend on the
    draws, by a factor of two in either direction.
    What would change it: the number of ties that an association makes (two per newcomer is an assumption) and
    newcomers' attachment, which no document measures; that the gap narrows is only the association's aim (P9).
    """
    folder = study.results_folder(root, __file__)
    study.keep(folder, {"response": table, "alone": alone, "beside": added}, {"response": figure}, finding=finding)
    print(alone.to_string(index=False, float_format="%.3f"))
    print(added.to_string(index=False, float_format="%.3f"))
    print(finding)


if __name__ == "__main__":
    study.command(main)
