"""Where does the default parameter set come from?

Draw values from the priors, keep those that meet the fit patterns (refusal at first, consensus after half a year of
intensive contact, own yard first against not, a village that stays stuck without a programme, newcomers behind), first
in one replicate and then in each of several, and take the most central of those that are left. It is plain rejection,
the calibration without history matching; 08_what_the_documents_identify goes further by the same code.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.calibration import posterior
from sim.analysis.calibration.fit_patterns import BANDS, screening_targets, simulator
from sim.results import write_text
from sim.uncertainty.priors import load_priors

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--draws", type=int, default=8192)
parser.add_argument("--replicates", type=int, default=8, help="of the second round")
parser.add_argument("--out", type=Path, default=Path("results/reference/00_default_parameters"))
options = parser.parse_args()

priors = load_priors()
found = posterior(
    simulator(priors),
    priors,
    screening_targets(),
    draws=options.draws,
    waves=(),
    rounds=(1, options.replicates),
    seed=2022,
)
accepted = pd.DataFrame(np.hstack([found.values, found.summaries]), columns=[*(p.key for p in priors), *BANDS])
accepted.insert(0, "draw", found.numbers)
centre = found.medoid()
spread = np.quantile(found.values, (0.1, 0.5, 0.9), axis=0)
rows = [
    (prior.key, str(prior.low), str(prior.high), *(f"{x:.4g}" for x in (*spread[:, k], found.values[centre, k])))
    for k, prior in enumerate(priors)
]
summary = pd.DataFrame(rows, columns=["key", "prior_low", "prior_high", "kept_10", "kept_50", "kept_90", "medoid"])
write_text(options.out / "accepted.csv", accepted.to_csv(index=False, float_format="%.6g"))
write_text(options.out / "summary.csv", summary.to_csv(index=False))
once, each = found.acceptance["kept"]
print(f"{options.draws} draws, {once} meet the bands once, {each} in each of {options.replicates} replicates")
print("medoid:", ", ".join(f"{band} {x:.3f}" for band, x in zip(BANDS, found.summaries[centre], strict=True)))
print(summary.to_csv(index=False), end="")
