"""Which of the households' parameters do the documents identify, and which not?

Calibrate the model to the bands of the patterns (history matching, then real runs) and write the posterior. Then ask three
questions: does history matching lose draws that plain rejection keeps (00_default_parameters)? How blind is the test by P3
if only the patterns that the register gives to the fit are used? Would synthetic truths be recovered, and what would be
identified if the village's five quantities had been counted instead of described?
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import study
from scipy.stats import binomtest

from sim.analysis.calibration.evaluation import Luck
from sim.analysis.calibration.fit_patterns import BANDS, SCENARIOS, fit_targets, screening_targets, simulator
from sim.analysis.calibration.predictive import HELD_OUT
from sim.analysis.calibration.recovery import recovery
from sim.analysis.calibration.targets import Targets, in_bands
from sim.analysis.calibration.village import Calibration, Plan, calibrate
from sim.base.arrays import F64
from sim.commands.options import pace
from sim.evidence import load_register
from sim.report.calibration import DRAWS, calibration_text, figures, origin_text, tables
from sim.results import write_text, write_whole
from sim.scenario import load_scenario, with_values
from sim.uncertainty.draw_table import load_draw_table
from sim.uncertainty.priors import draw, load_priors

FULL = {"draws": 32768, "wave": 1024, "replicates": 8, "scored": 20, "bank": 2048, "truths": 200}
TINY = {"draws": 4096, "wave": 64, "replicates": 2, "scored": 2, "bank": 128, "truths": 4}
SEED, KEEP, JOBS = 8, 0.1, 2
SMALL = {"village.households": 400, "village.party_members": 32}
PLAIN = study.CHECKOUT / "results" / "reference" / "00_default_parameters" / "accepted.csv"


def main(root: Path, draws: int, wave: int, replicates: int, scored: int, bank: int, truths: int) -> None:
    """Calibrate with two waves, and check the method.

    draws : of the prior. wave : runs of a wave. replicates, scored : see `Plan`. bank : single runs of small villages.
    truths : how many of those serve as synthetic truths.
    """
    folder = study.results_folder(root, __file__)
    plan = Plan(draws, (wave, wave), replicates, scored=scored)
    calibration = calibrate(plan, root / "results", JOBS, study.reporter(pace))
    by_name = tables(calibration)
    study.keep(folder, by_name, figures(calibration, by_name))
    for path in (folder / DRAWS, root / "scenarios" / "draws" / DRAWS):
        write_whole(path, calibration.found.draw_table(path.stem).write)
        write_text(path.with_suffix(".json"), origin_text(calibration))
    text = calibration_text(calibration)
    print(text)

    values, numbers = draw(load_priors(), bank, SEED), np.arange(bank)
    villages = {name: with_values(load_scenario(name), SMALL) for name in SCENARIOS}
    runs = simulator(load_priors(), list(BANDS), villages, JOBS, True, True)(values, Luck(SEED, 0, numbers))
    covered = recovered(values, runs, truths)
    checks = "\n".join([missed(calibration), blindness(runs), recovery_line(covered), *outlook(calibration)])
    study.keep(folder, {"recovery": covered}, texts={"checks": checks + "\n", "summary": text + "\n"}, digits=4)
    print("\n" + checks)


def missed(calibration: Calibration) -> str:
    """Return which draws of plain rejection history matching has ruled out."""
    plain = load_draw_table(PLAIN).numbers
    lost = sorted(set(plain.tolist()) - set(calibration.found.numbers.tolist()))
    upper = binomtest(len(lost), len(plain)).proportion_ci(0.95, "exact").high
    return (
        f"history matching: of {len(plain)} draws that plain rejection keeps, {len(lost)} are ruled out ({lost}); "
        f"so at most {upper:.1%} of the posterior is missed (95 %)"
    )


def blindness(runs: F64) -> str:
    """Return how often P3 is met by runs of the prior, and by those that meet the bands of the fit."""
    fit = fit_targets(load_register())
    blind = {name: band for name, band in screening_targets().items() if name not in fit}
    return (
        f"in villages of {SMALL['village.households']} households, one run a draw: P3's bands are met by "
        f"{share(runs, blind, {})} draws of the prior, and by {share(runs, blind, fit)} of those that meet the bands of "
        f"{', '.join(fit)}"
    )


def share(runs: F64, asked: Targets, given: Targets) -> str:
    """Return how many of the runs that meet the given bands also meet those asked about, with a 95 % interval."""
    columns = [[list(BANDS).index(name) for name in targets] for targets in (given, asked)]
    met = in_bands(runs[:, columns[0]], given) if given else np.ones(len(runs), bool)
    both, all_met = int(in_bands(runs[met][:, columns[1]], asked).sum()), int(met.sum())
    ends = binomtest(both, all_met).proportion_ci(0.95, "exact")
    return f"{both} of {all_met} ({ends.low:.1%} to {ends.high:.1%})"


def recovered(values: F64, runs: F64, count: int) -> pd.DataFrame:
    """Return how well `count` truths among the runs are recovered; see `recovery`."""
    observed, ratio = runs.copy(), list(BANDS).index("ratio")
    observed[:, ratio] = np.log(np.maximum(observed[:, ratio], 0.01))
    truths = np.flatnonzero(np.isfinite(observed).all(axis=1))[:count]
    return recovery(values, observed, load_priors(), truths.tolist(), KEEP)


def recovery_line(table: pd.DataFrame) -> str:
    """Return in words what `recovered` found."""
    narrowest = table.sort_values("interval_ratio").head(6)
    return (
        f"recovery: {table['truths'].iloc[0]} synthetic truths, five quantities known exactly; 90 % intervals cover "
        f"{table['covered'].mean():.1%} on average ({table['covered'].min():.1%} to {table['covered'].max():.1%}), and "
        f"{int(table['right'].sum())} of {len(table)} values within binomial limits\n"
        "narrowest: " + ", ".join(f"{r.key} {r.interval_ratio:.0%} of the prior" for r in narrowest.itertuples())
    )


def outlook(calibration: Calibration) -> list[str]:
    """Return three lines: the finding, how sure it is, and what would change it."""
    learnt = calibration.found.marginals()
    verdicts = learnt["verdict"].value_counts()
    ends = learnt.loc[learnt["at_end"] > 0.25, "key"]
    scores = calibration.scores[calibration.scores["part"] == HELD_OUT]
    return [
        f"found: {len(calibration.found)} of {calibration.found.considered} draws meet the documents' bands; "
        + ", ".join(f"{count} of {len(learnt)} values are {verdict}" for verdict, count in verdicts.items())
        + f"; of {len(scores)} quantities held out, {int((scores['verdict'] == 'reproduced').sum())} are reproduced",
        "how sure: bands express reported successes, not a likelihood; recovery and rejection vouch for the method only",
        "what would change it: wider priors, since the draws crowd at the end of the interval of "
        f"{', '.join(ends) or 'no value'}; figures of failed campaigns; turnout in the weeks between the first and the last",
    ]


if __name__ == "__main__":
    study.command(main)
