"""Which uncertain values matter most for what veterans and donations achieve, and which hardly matter?

Morris screening over the priors: adopted households after two years with both levers, and what each lever adds to no
programme. Replicates are averaged under common random numbers; the noise of a single run is shown beside.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from sim.analysis.over_draws import over_draws
from sim.analysis.sensitivity import morris
from sim.figures.output import save
from sim.figures.sensitivity import morris as draw_morris
from sim.results import write_whole
from sim.scenario import load_scenario
from sim.tables import aligned
from sim.uncertainty.priors import load_priors
from sim.world.columns import F64

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--trajectories", type=int, default=20)
parser.add_argument("--replicates", type=int, default=2)
parser.add_argument("--out", type=Path, default=Path("results/reference/02_sensitivity"))
options = parser.parse_args()

SEED, WEEKS = 2, 104
NAMES = ("baseline", "veteran_role_model", "donation", "veteran_role_model_and_donation")
OUTCOMES = ("adopted with both", "veterans' effect", "donation's effect", "interaction")
scenarios = {name: load_scenario(name) for name in NAMES}
priors = load_priors()
keys = [prior.key for prior in priors]


def outcomes_of(adopted: F64) -> F64:
    """Return the four outcomes from the adopted shares of the four scenarios, last axis for last axis."""
    none, veterans, donation, both = np.moveaxis(adopted, -1, 0)
    return np.stack([both, veterans - none, donation - none, both - veterans - donation + none], axis=-1)


def evaluate(points: F64) -> F64:
    return outcomes_of(over_draws(scenarios, keys, points, ("adopted",), options.replicates, SEED, WEEKS)[:, :, 0])


table, points = morris(evaluate, priors, OUTCOMES, options.trajectories, SEED)
centre = np.array([[(p.low + p.high) / 2 for p in priors]])
single = [over_draws(scenarios, keys, centre, ("adopted",), 1, SEED + 1 + r, WEEKS)[0, :, 0] for r in range(20)]
noise = dict(zip(OUTCOMES, outcomes_of(np.array(single)).std(axis=0, ddof=1), strict=True))
write_whole(options.out / "morris.csv", lambda path: table.to_csv(path, index=False, float_format="%.5g"))
for outcome in OUTCOMES:
    mine = table[table["outcome"] == outcome].sort_values("mu_star", ascending=False)
    save(
        draw_morris(mine.assign(seed_noise=noise[outcome]), outcome),
        options.out / outcome.replace(" ", "_").replace("'", ""),
    )
    print(
        f"\n{outcome}: s.d. of a single run {noise[outcome]:.3f}; {points} points, {options.replicates} replicates each"
    )
    rows = [("value", "mu*", "95 % interval", "sigma")]
    rows += [
        (r.label, f"{r.mu_star:.3f}", f"[{r.mu_star_low:.3f}, {r.mu_star_high:.3f}]", f"{r.sigma:.3f}")
        for r in mine.head(8).itertuples()
    ]
    print(aligned(rows))
