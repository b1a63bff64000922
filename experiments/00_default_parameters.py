"""Where does the default parameter set come from?

Draw values from the priors, keep those that meet the fit patterns (refusal at first, consensus after half a year of
intensive contact, own yard first against not, a village that stays stuck without a programme, newcomers behind), first
in one replicate and then in each of several, and take the most central of those that are left.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np

from sim.analysis.screening import BANDS, medoid, meets, screen
from sim.scenario import load_scenario
from sim.uncertainty.priors import draw, load_priors

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--draws", type=int, default=8192)
parser.add_argument("--replicates", type=int, default=8, help="of the second round")
parser.add_argument("--out", type=Path, default=Path("results/reference/00_default_parameters"))
options = parser.parse_args()

scenarios = {name: load_scenario(name) for name in ("campaign", "campaign_without_example", "baseline")}
priors = load_priors()
draws = draw(priors, options.draws, seed=2022)
first = meets(screen(scenarios, priors, draws, seed=2022, replicates=1))
quantities = screen(scenarios, priors, draws[first], seed=2023, replicates=options.replicates)
second = meets(quantities)
kept, found = draws[first][second], quantities[second].mean(axis=1)
centre = medoid(kept, priors)

options.out.mkdir(parents=True, exist_ok=True)
with (options.out / "accepted.csv").open("w", newline="") as stream:
    table = csv.writer(stream)
    table.writerow(["draw", *(prior.key for prior in priors), *BANDS])
    numbers = np.flatnonzero(first)[second]
    for number, row in zip(numbers, np.hstack([kept, found]), strict=True):
        table.writerow([number, *(f"{x:.6g}" for x in row)])
with (options.out / "summary.csv").open("w", newline="") as stream:
    table = csv.writer(stream)
    table.writerow(["key", "prior_low", "prior_high", "kept_10", "kept_50", "kept_90", "medoid"])
    for k, prior in enumerate(priors):
        spread = np.quantile(kept[:, k], (0.1, 0.5, 0.9))
        table.writerow([prior.key, prior.low, prior.high, *(f"{x:.4g}" for x in (*spread, kept[centre, k]))])
print(
    f"{options.draws} draws, {first.sum()} meet the bands once, {second.sum()} in each of {options.replicates} replicates"
)
print("medoid:", ", ".join(f"{band} {x:.3f}" for band, x in zip(BANDS, found[centre], strict=True)))
print((options.out / "summary.csv").read_text(), end="")
