"""Where does the default parameter set come from?

Draw values from the priors and keep those that meet the fit patterns, first in one replicate and then in each of several:
refusal at first, consensus after half a year of intensive contact, more adoption when members clear their own yards first,
a village that stays stuck without a programme, newcomers behind locals. The default is the most central of the draws that
are kept. This is plain rejection without history matching; 08_what_the_documents_identify uses the same code with it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import study

from sim.analysis.calibration import posterior
from sim.analysis.calibration.fit_patterns import BANDS, screening_targets, simulator
from sim.uncertainty.priors import load_priors

FULL = {"draws": 8192, "replicates": 8}
TINY = {"draws": 256, "replicates": 2}
SEED = 2022


def main(root: Path, draws: int, replicates: int) -> None:
    """Select the default. draws : of the priors. replicates : of the second round."""
    priors = load_priors()
    kept = posterior(
        simulator(priors), priors, screening_targets(), draws=draws, waves=(), rounds=(1, replicates), seed=SEED
    )
    accepted = pd.DataFrame(np.hstack([kept.values, kept.summaries]), columns=[*(p.key for p in priors), *BANDS])
    accepted.insert(0, "draw", kept.numbers)
    centre = kept.medoid()
    spread = np.quantile(kept.values, (0.1, 0.5, 0.9), axis=0)
    rows = [
        (prior.key, str(prior.low), str(prior.high), *(f"{x:.4g}" for x in (*spread[:, k], kept.values[centre, k])))
        for k, prior in enumerate(priors)
    ]
    summary = pd.DataFrame(rows, columns=["key", "prior_low", "prior_high", "kept_10", "kept_50", "kept_90", "medoid"])
    study.keep(study.results_folder(root, __file__), {"accepted": accepted, "summary": summary})
    once, each = kept.acceptance["kept"]
    print(f"{draws} draws, {once} meet the bands once, {each} in each of {replicates} replicates")
    print("medoid:", ", ".join(f"{band} {x:.3f}" for band, x in zip(BANDS, kept.summaries[centre], strict=True)))
    print(summary.to_string(index=False))


if __name__ == "__main__":
    study.command(main)
