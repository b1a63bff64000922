"""What can the documents tell about the households' parameters, and what can't they?

Calibrates the model to the bands of the patterns (history matching, then real runs) and ships the posterior. Then asks
three things of it: does history matching lose draws that plain rejection keeps (00_default_parameters); how blind P3 is, if
only the patterns that the register gives to the fit are asked for; and whether synthetic truths would be found, with what
would be identified if the village's five quantities had been counted rather than told.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

from sim.analysis.calibration.evaluation import Luck
from sim.analysis.calibration.fit_patterns import BANDS, SCENARIOS, fit_targets, screening_targets, simulator
from sim.analysis.calibration.predictive import HELD_OUT
from sim.analysis.calibration.recovery import recovery
from sim.analysis.calibration.targets import Targets, in_bands
from sim.analysis.calibration.village import Plan, calibrate
from sim.calibration_report import calibration_text, save_calibration, save_draws
from sim.commands.calibrating import stages
from sim.evidence import load_register
from sim.results import write_text
from sim.scenario import load_scenario, with_values
from sim.uncertainty.draw_table import load_draw_table
from sim.uncertainty.priors import draw, load_priors

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--save", type=Path, default=Path("scenarios/draws/posterior.csv"))
parser.add_argument("--out", type=Path, default=Path("results/reference/08_what_the_documents_identify"))
options = parser.parse_args()

SEED, BANK, TRUTHS, KEEP, HOUSEHOLDS, MEMBERS, JOBS = 8, 2048, 200, 0.1, 400, 32, 2
PLAIN = Path("results/reference/00_default_parameters/accepted.csv")
calibration = calibrate(Plan(), Path("results/calibration"), JOBS, stages())
save_calibration(calibration, options.out)
save_draws(calibration, options.save)
print(calibration_text(calibration))

plain = load_draw_table(PLAIN).numbers
lost = sorted(set(plain.tolist()) - set(calibration.found.numbers.tolist()))
upper = binomtest(len(lost), len(plain)).proportion_ci(0.95, "exact").high
lines = [
    f"history matching: of {len(plain)} draws that plain rejection keeps, {len(lost)} are ruled out ({lost}); "
    f"so at most {upper:.1%} of the posterior is missed (95 %)"
]
priors, names = load_priors(), list(BANDS)
values, numbers = draw(priors, BANK, SEED), np.arange(BANK)


def share(found: np.ndarray, asked: Targets, given: Targets) -> str:
    """Return in how many of the runs that meet some bands others are met as well, with a 95 % interval."""
    columns = [[names.index(name) for name in targets] for targets in (given, asked)]
    met = in_bands(found[:, columns[0]], given) if given else np.ones(len(found), bool)
    both, all_met = int(in_bands(found[met][:, columns[1]], asked).sum()), int(met.sum())
    ends = binomtest(both, all_met).proportion_ci(0.95, "exact")
    return f"{both} of {all_met} ({ends.low:.1%} to {ends.high:.1%})"


size = {"village.households": HOUSEHOLDS, "village.party_members": MEMBERS}
small = {name: with_values(load_scenario(name), size) for name in SCENARIOS}
found = simulator(priors, names, small, JOBS, True, True)(values, Luck(SEED, 0, numbers))
fit = fit_targets(load_register())
blind = {name: band for name, band in screening_targets().items() if name not in fit}
lines += [
    f"in villages of {HOUSEHOLDS} households, one run a draw: P3's bands are met by {share(found, blind, {})} draws of the "
    f"prior, and by {share(found, blind, fit)} of those that meet the bands of {', '.join(fit)}"
]

found[:, names.index("ratio")] = np.log(np.maximum(found[:, names.index("ratio")], 0.01))
truths = np.flatnonzero(np.isfinite(found).all(axis=1))[:TRUTHS]
table = recovery(values, found, priors, truths.tolist(), KEEP)
write_text(options.out / "recovery.csv", table.to_csv(index=False, float_format="%.4g"))
lines += [
    f"recovery: {len(truths)} synthetic truths, five quantities known exactly; 90 % intervals cover "
    f"{table['covered'].mean():.1%} on average ({table['covered'].min():.1%} to {table['covered'].max():.1%}), and "
    f"{int(table['right'].sum())} of {len(table)} values within binomial limits",
    "narrowest: " + ", ".join(
        f"{r.key} {r.interval_ratio:.0%} of the prior" for r in table.sort_values("interval_ratio").head(6).itertuples()
    ),
]  # fmt: skip
learnt = calibration.found.marginals()
told = learnt["verdict"].value_counts()
ends = learnt.loc[learnt["at_end"] > 0.25, "key"]
scores = calibration.scores[calibration.scores["part"] == HELD_OUT]
lines += [
    f"found: {len(calibration.found)} of {calibration.found.considered} draws meet the documents' bands; "
    + ", ".join(f"{count} of {len(learnt)} values are {verdict}" for verdict, count in told.items())
    + f"; of {len(scores)} quantities held out, {int((scores['verdict'] == 'reproduced').sum())} come out",
    "how sure: bands are successes as they are told, and no likelihood; recovery and rejection vouch for the method only",
    "what would change it: wider priors, for the draws crowd at the end of the interval of "
    f"{', '.join(ends) or 'no value'}; figures of failed campaigns; turnout in the weeks between the first and the last",
]
text = "\n".join(lines) + "\n"
write_text(options.out / "checks.txt", text)
write_text(options.out / "summary.txt", calibration_text(calibration) + "\n")
print("\n" + text, end="")
