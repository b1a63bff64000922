"""Do veteran members who clear their own yard first move more households than donations, and do both together do more?

Four scenarios on the default village over two years, in pairs under the same luck: no programme, veterans as role
models, a donation over the first year, and both. With --reference also over the posterior (08), because the answer must not
hang on one set of values, and with what pairing saves.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from sim.analysis.compare import compare, label
from sim.analysis.over_draws import over_draws
from sim.analysis.pairing import pairing
from sim.commands.options import progress
from sim.report.comparison import comparison_folder, save_comparison
from sim.report.text_tables import aligned, effects_text, interaction_text, pairing_text
from sim.results import write_text
from sim.uncertainty.draw_table import load_draw_table

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--replicates", type=int, default=1000)
parser.add_argument("--reference", action="store_true", help="write under results/reference, and go over the draws")
options = parser.parse_args()

began = time.monotonic()
NAME, SEED, WEEKS = "01_veterans_against_donations", 1, 104
ROOT = Path("results")
named = label(["baseline", "veteran_role_model", "donation", "veteran_role_model_and_donation"])
found = compare(named, options.replicates, SEED, WEEKS, folder=ROOT, report=progress())
if options.reference:
    folder = ROOT / "reference" / NAME
else:
    folder = comparison_folder(ROOT, NAME, named, SEED, WEEKS, options.replicates)
if options.reference or not (folder / "manifest.json").exists():
    save_comparison(found, folder)
print(effects_text(found.effects, ("adopted", "clean", "self_initiated", "newcomer_gap", "yuan", "hours")))
print()
print(interaction_text(found.interaction))

if options.reference:
    draws = load_draw_table("posterior")
    means = over_draws(named, draws.keys, draws.values, ("adopted", "clean"), 4, SEED, WEEKS)
    rows = [("over the posterior", "median", "5th to 95th percentile", "share above 0")]
    for k, outcome in enumerate(("adopted", "clean")):
        none, veterans, donation, both = means[:, :, k].T
        for what, effect in (
            ("veterans", veterans - none), ("donation", donation - none), ("both", both - none),
            ("both less the sum of the parts", both - veterans - donation + none),
            ("veterans less donation", veterans - donation),
        ):  # fmt: skip
            low, middle, high = 100 * np.quantile(effect, (0.05, 0.5, 0.95))
            rows.append(
                (f"{outcome}: {what}", f"{middle:+.1f}", f"[{low:+.1f}, {high:+.1f}]", f"{(effect > 0).mean():.0%}")
            )
    text = f"{len(draws)} draws, 4 replicates each; points of households\n{aligned(rows)}"
    write_text(folder / "over_draws.txt", text + "\n")
    print("\n" + text)
    saved = pairing_text(pairing(found))
    write_text(folder / "pairing.txt", saved + "\n")
    print("\n" + saved)
print(f"\ntables and pictures: {folder}")
print(f"{time.monotonic() - began:.0f} s")
