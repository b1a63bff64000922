"""Which uncertain values matter most for what veterans and donations achieve, and which hardly matter?

Morris screening over the priors: adopted households after two years with both interventions, and what each intervention adds
to no programme. Replicates are averaged under common random numbers; the noise of a single run is shown beside. Then Sobol's
shares of the variance of the first of these, with the share of luck, and what both interventions do to it week by week.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from sim.analysis.over_draws import over_draws
from sim.analysis.sensitivity import analyse, design, evaluate, screening
from sim.analysis.sensitivity.evaluations import evaluate_study
from sim.analysis.sensitivity.findings import Findings
from sim.analysis.sensitivity.study import Study
from sim.base.arrays import F64
from sim.figures.output import save
from sim.figures.sensitivity import morris as draw_morris
from sim.report.sensitivity import draw_findings, findings_text
from sim.report.text_tables import aligned
from sim.results import write_text
from sim.scenario import load_scenario
from sim.uncertainty.priors import load_priors

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--trajectories", type=int, default=20)
parser.add_argument("--points", type=int, default=256, help="Base points of Sobol's design, a power of 2.")
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


def evaluated(points: F64) -> F64:
    return outcomes_of(over_draws(scenarios, keys, points, ("adopted",), options.replicates, SEED, WEEKS)[:, :, 0])


made = design(priors, "morris", options.trajectories, SEED)
table = analyse(made, evaluate(evaluated, made, OUTCOMES))
centre = np.array([[(p.low + p.high) / 2 for p in priors]])
single = [over_draws(scenarios, keys, centre, ("adopted",), 1, SEED + 1 + r, WEEKS)[0, :, 0] for r in range(20)]
noise = dict(zip(OUTCOMES, outcomes_of(np.array(single)).std(axis=0, ddof=1), strict=True))
screened = {outcome: screening(made, table, outcome) for outcome in OUTCOMES}
rows_of = [part.to_csv(index=False, float_format="%.5g", header=not k) for k, part in enumerate(screened.values())]
write_text(options.out / "morris.csv", "".join(rows_of))
for outcome, found in screened.items():
    mine = found.sort_values("mu_star", ascending=False)
    figure = draw_morris(mine.assign(seed_noise=noise[outcome]), outcome)
    save(figure, options.out / outcome.replace(" ", "_").replace("'", ""))
    told = f"{made.draws.size} points, {options.replicates} replicates each"
    print(f"\n{outcome}: s.d. of a single run {noise[outcome]:.3f}; {told}")
    rows = [("value", "mu*", "95 % interval", "sigma")]
    rows += [
        (r.label, f"{r.mu_star:.3f}", f"[{r.mu_star_low:.3f}, {r.mu_star_high:.3f}]", f"{r.sigma:.3f}")
        for r in mine.head(8).itertuples()
    ]
    print(aligned(rows))

both = {NAMES[-1]: scenarios[NAMES[-1]]}
study = Study(both, design(priors, "sobol", options.points, SEED, second_order=False), options.replicates, SEED, WEEKS)
findings = Findings(study, "adopted", evaluate_study(study))
for name, part in (
    ("sobol", findings.table),
    ("sobol_convergence", findings.convergence),
    ("sobol_weeks", findings.weeks),
):
    write_text(options.out / f"{name}.csv", part.to_csv(index=False, float_format="%.5g"))
draw_findings(findings, options.out / "sobol")
text = findings_text(findings)
write_text(options.out / "sobol.txt", text + "\n")
print("\n" + text)
