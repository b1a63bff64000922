"""When may a campaign stop: for how many weeks must it run so that its effect lasts for a year?

The default village. The intensive campaign (daily visits, volunteers, members who lead) runs for a number of weeks, alone
or with a gift over the same weeks, and then nothing is done for a year. The effect lasts if half of the households have
adopted a year after the last intervention stopped.
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
SEED, WEEKS, HALF = 4, 156, 0.5
STOPS = (4, 8, 13, 20, 26, 39, 52, 78, 104)
INTERVENTIONS = ("household_contact", "volunteer_team", "role_model", "donation")


def variant(series: str, stop: int) -> Variant:
    """Return the campaign that stops after this number of weeks."""
    changes: dict[str, float] = {f"interventions.{name}.stop": stop for name in INTERVENTIONS}
    changes["interventions.donation.strength"] = 1 if series == "with a gift" else 0
    return Variant(series, stop, load_scenario("campaign_and_donation", [changes]))


def main(root: Path, draws: int, replicates: int) -> None:
    """Run every variant over draws of the posterior. replicates : of each draw."""
    posterior = load_draw_table("posterior").head(draws)
    variants = [variant(series, stop) for series in ("campaign alone", "with a gift") for stop in STOPS]
    response = respond(variants, posterior, ("adopted_year_after", "peak_adopted"), replicates, SEED, WEEKS)
    table = response.table()
    tipped = response.tipped("adopted_year_after", HALF)
    figure = response_lines(table, ["adopted_year_after", "peak_adopted"], "Weeks that the campaign runs")
    kept = tipped.set_index(["series", "x"])
    alone, gift = "campaign alone", "with a gift"
    finding = f"""
    Stopping a campaign after a quarter of a year is a coin toss, after half a year nearly safe: with 13 weeks
    {kept.loc[(alone, 13), "share"]:.0%} of the {len(posterior)} draws keep half of their households a year after it
    ended, with 26 weeks {kept.loc[(alone, 26), "share"]:.0%} (95 % interval {kept.loc[(alone, 26), "low"]:.0%} to
    {kept.loc[(alone, 26), "high"]:.0%}), and further weeks add little. Up to 8 weeks nothing lasts. A gift spent over
    the same weeks moves the corner forward by about a month: 13 weeks then keep {kept.loc[(gift, 13), "share"]:.0%}, 20
    weeks {kept.loc[(gift, 20), "share"]:.0%}. How sure: intervals of shares are up to thirteen points wide on either
    side, so the corner is known to a few weeks. The bands that chose the posterior ask for 60 % after 26 weeks of this
    very campaign, so the peak at 26 weeks is an input; the finding is that it lasts. What would change it: the rate at
    which habits fade (repeat and habit are hardly identified), households that move away, or members who stop leading
    when the campaign does.
    """
    folder = study.results_folder(root, __file__)
    study.keep(folder, {"response": table, "kept": tipped}, {"response": figure}, finding=finding)
    print(tipped.to_string(index=False, float_format="%.2f"))
    print(finding)


if __name__ == "__main__":
    study.command(main)
