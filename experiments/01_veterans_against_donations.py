"""Do veteran members who clear their own yard first move more households than donations, and do both together do more?

Four scenarios on the default village over two years, in pairs with common random numbers: no programme, veterans as role
models, a donation over the first year, and both. Then the same over draws of the posterior (08), because the answer must
not depend on one set of values; and how many runs pairing saves.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import study

from sim.analysis.compare import compare, label
from sim.analysis.intervals import interval
from sim.analysis.over_draws import by_replicate
from sim.analysis.pairing import pairing
from sim.commands.options import pace
from sim.report.comparison import comparison_report, save_comparison
from sim.report.effects import effects_text, interaction_text
from sim.report.text_tables import aligned, amount, bounds_text, pairing_text
from sim.scenario import Scenario
from sim.uncertainty.draw_table import load_draw_table

FULL = {"replicates": 1000, "draws": 223}
TINY = {"replicates": 4, "draws": 2}
SEED, WEEKS = 1, 104
SCENARIOS = ("baseline", "veteran_role_model", "donation", "veteran_role_model_and_donation")
REPLICATES_OF_A_DRAW = 4


def main(root: Path, replicates: int, draws: int) -> None:
    """Compare the four scenarios. replicates : pairs. draws : how many of the posterior, from the first on."""
    folder = study.results_folder(root, __file__)
    scenarios = label(SCENARIOS)
    comparison = compare(scenarios, replicates, SEED, WEEKS, report=study.reporter(pace))
    report = comparison_report(root, "comparison", scenarios, SEED, WEEKS, None, {"pairs": replicates}, folder)
    save_comparison(comparison, report)
    print(effects_text(comparison.effects, ("adopted", "clean", "self_initiated", "newcomer_gap", "yuan", "hours")))
    print()
    print(interaction_text(comparison.interaction))
    texts = {"over_draws": over_posterior(scenarios, draws), "pairing": pairing_text(pairing(comparison)) + "\n"}
    study.keep(folder, {}, texts=texts)
    print("\n" + "\n".join(texts.values()))
    print(f"\ntables and pictures: {folder}")


def over_posterior(scenarios: dict[str, Scenario], count: int) -> str:
    """Return how the effects spread over draws of the posterior, as text."""
    draws = load_draw_table("posterior").head(count)
    runs = by_replicate(scenarios, draws.keys, draws.values, ("adopted", "clean"), REPLICATES_OF_A_DRAW, SEED, WEEKS)
    rows = [("over the posterior", "mean", "95 % of the mean", "5th to 95th of draws", "same sign", "")]
    for k, outcome in enumerate(("adopted", "clean")):
        none, veterans, donation, both = np.moveaxis(runs[..., k], 2, 0)
        for what, effect in (
            ("veterans", veterans - none), ("donation", donation - none), ("both", both - none),
            ("both less the sum of the parts", both - veterans - donation + none),
            ("veterans less donation", veterans - donation),
        ):  # fmt: skip
            row = interval(effect)
            spread = {"low": row["spread_low"], "high": row["spread_high"]}
            rows.append(
                (f"{outcome}: {what}", amount(row["difference"], "share", True), bounds_text(row, "share"),
                 bounds_text(spread, "share"), f"{row['same_sign']:.0%}", row["verdict"])
            )  # fmt: skip
    return f"{len(draws)} draws, {REPLICATES_OF_A_DRAW} replicates each; percentage points\n{aligned(rows)}\n"


if __name__ == "__main__":
    study.command(main)
