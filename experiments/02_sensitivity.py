"""Which uncertain values matter most for what veterans and donations achieve, and which matter little?

Morris screening over the priors, for adopted households after two years with both interventions and for what each adds to
no programme. Replicates are averaged under common random numbers; tables and figures also show the noise of a single run.
Then Sobol's indices: shares of the variance of adoption with both interventions, the share of luck, and indices by week.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import study

from sim.analysis.over_draws import over_draws
from sim.analysis.sensitivity import analyse, design, evaluate, screening
from sim.analysis.sensitivity.evaluations import evaluate_study
from sim.analysis.sensitivity.findings import Findings
from sim.analysis.sensitivity.study import Study
from sim.base.arrays import F64
from sim.figures.sensitivity import morris as draw_morris
from sim.report.sensitivity import figures, findings_text
from sim.report.text_tables import aligned
from sim.scenario import load_scenario
from sim.uncertainty.priors import load_priors

FULL = {"trajectories": 20, "points": 256, "replicates": 2, "single_runs": 20}
TINY = {"trajectories": 2, "points": 4, "replicates": 2, "single_runs": 2}
SEED, WEEKS = 2, 104
SCENARIOS = ("baseline", "veteran_role_model", "donation", "veteran_role_model_and_donation")
BOTH = SCENARIOS[-1]
OUTCOMES = ("adopted with both", "veterans' effect", "donation's effect", "interaction")


def main(root: Path, trajectories: int, points: int, replicates: int, single_runs: int) -> None:
    """Screen, then decompose the variance.

    trajectories : of Morris's design. points : base points of Sobol's design, a power of 2. single_runs : at the middle of
    the priors, for the noise.
    """
    folder = study.results_folder(root, __file__)
    screen(folder, trajectories, replicates, single_runs)
    decompose(folder, points, replicates)


def screen(folder: Path, trajectories: int, replicates: int, single_runs: int) -> None:
    """Rank the values by Morris's elementary effects on the four outcomes."""
    scenarios = {name: load_scenario(name) for name in SCENARIOS}
    priors = load_priors()
    keys = [prior.key for prior in priors]

    def outcomes(points: F64) -> F64:
        return outcomes_of(over_draws(scenarios, keys, points, ("adopted",), replicates, SEED, WEEKS)[:, :, 0])

    morris = design(priors, "morris", trajectories, SEED)
    indices = analyse(morris, evaluate(outcomes, morris, OUTCOMES))
    centre = np.array([[(p.low + p.high) / 2 for p in priors]])
    single = [
        over_draws(scenarios, keys, centre, ("adopted",), 1, SEED + 1 + r, WEEKS)[0, :, 0] for r in range(single_runs)
    ]
    noise = dict(zip(OUTCOMES, outcomes_of(np.array(single)).std(axis=0, ddof=1), strict=True))
    tables = {outcome: screening(morris, indices, outcome) for outcome in OUTCOMES}
    largest = {outcome: table.sort_values("mu_star", ascending=False) for outcome, table in tables.items()}
    figures = {
        outcome.replace(" ", "_").replace("'", ""): draw_morris(table.assign(seed_noise=noise[outcome]), outcome)
        for outcome, table in largest.items()
    }
    study.keep(folder, {"morris": pd.concat(tables.values())}, figures, digits=5)
    for outcome, table in largest.items():
        size = f"{morris.draws.size} points, {replicates} replicates each"
        print(f"\n{outcome}: s.d. of a single run {noise[outcome]:.3f}; {size}")
        rows = [("value", "mu*", "95 % interval", "sigma")]
        rows += [
            (r.label, f"{r.mu_star:.3f}", f"[{r.mu_star_low:.3f}, {r.mu_star_high:.3f}]", f"{r.sigma:.3f}")
            for r in table.head(8).itertuples()
        ]
        print(aligned(rows))


def outcomes_of(adopted: F64) -> F64:
    """Return the four outcomes from the adopted shares of the four scenarios, last axis for last axis."""
    none, veterans, donation, both = np.moveaxis(adopted, -1, 0)
    return np.stack([both, veterans - none, donation - none, both - veterans - donation + none], axis=-1)


def decompose(folder: Path, points: int, replicates: int) -> None:
    """Decompose the variance of adoption with both interventions by Sobol's indices."""
    sobol = design(load_priors(), "sobol", points, SEED, second_order=False)
    both = Study({BOTH: load_scenario(BOTH)}, sobol, replicates, SEED, WEEKS)
    findings = Findings(both, "adopted", evaluate_study(both))
    tables = {"sobol": findings.table, "sobol_convergence": findings.convergence, "sobol_weeks": findings.weeks}
    text = findings_text(findings)
    study.keep(folder, tables, texts={"sobol": text + "\n"}, digits=5)
    study.keep(folder / "sobol", {}, figures(findings))
    print("\n" + text)


if __name__ == "__main__":
    study.command(main)
