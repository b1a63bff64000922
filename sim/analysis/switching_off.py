"""Switching off mechanisms one at a time, to see how much of a programme's effect each of them carries.

A mechanism is switched off by setting its parameters to values at which it does nothing. The scenario runs with and without
its programme, with all mechanisms and without each of them, always with the same luck. A mechanism carries the programme's
effect with all mechanisms minus its effect without this one. Switching off also removes the level of a term: a village in
which nobody looks at neighbours is another village, not the same village in which looking doesn't matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.compare import Comparison, finished, horizon_of
from sim.analysis.intervals import corrected, interval, mean_of
from sim.analysis.shapley import NAME
from sim.base.errors import InputError
from sim.base.showing import brief
from sim.engine.programme import active
from sim.results.rows import TOTAL_UNITS
from sim.runs import Collection, Report, Request, run
from sim.scenario import Scenario, with_values, without_programme

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A mechanism: its name, the values of a scenario at which it does nothing, and the meaning of its absence."""

    name: str
    off: Mapping[str, float]
    missing: str


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism("example of neighbours", {"household.neighbours": 0}, "nobody minds whether yards in sight are clean"),
    Mechanism("kin and chat groups", {"household.kin": 0}, "nobody minds whether kin have adopted"),
    Mechanism("talk", {"household.talk": 0}, "the self-initiated don't talk with neighbours and ties"),
    Mechanism("public surroundings", {"household.surroundings": 0}, "nobody minds how clean public plots are"),
    Mechanism("trust", {"household.trust": 0}, "trust in the organisation has no weight"),
    Mechanism("learning of trust", {"household.trust_step": 0}, "visits build no trust"),
    Mechanism("persuasion", {"household.persuasion": 0}, "what messengers say has no effect"),
    Mechanism("messenger's own yard", {"household.own_yard": 0}, "a messenger's cluttered yard takes nothing away"),
    Mechanism("tiring of a messenger", {"household.repeat": 1}, "the same kind of messenger counts in full each time"),
    Mechanism("cost of clearing", {"household.effort": 0}, "the work ahead deters nobody"),
    Mechanism("habit", {"household.habit": 0}, "habit keeps nobody from slipping"),
    Mechanism("recognised giving", {"household.giving": 0}, "gifts move nobody"),
    Mechanism("awards", {"household.awards": 0}, "awards move nobody"),
    Mechanism("passivity", {"household.passivity": 0}, "nobody leans back when others do the work"),
    Mechanism(
        "giving by residents",
        {"household.give_probability": 0, "public.worthy_gives": 0, "public.praise_response": 0},
        "nobody but the interventions' donors gives",
    ),
    Mechanism("joining the volunteers", {"public.join_rate": 0}, "nobody joins by themselves"),
    Mechanism("fatigue", {"public.fatigue": 0, "public.effort_loss": 0}, "volunteers and organisers don't tire"),
    Mechanism("disputes", {"public.dispute_rate": 0}, "public plots cause no disputes"),
)


@dataclass(frozen=True)
class SwitchedOff:
    """Runs of a scenario with and without its programme, with everything and without each mechanism.

    comparison : all runs by label: ``programme`` and ``none``, and both followed by ``, no NAME``.
    """

    comparison: Comparison

    __repr__ = brief

    def effects(self, outcome: str) -> pd.DataFrame:
        """Return one row per mechanism, the largest first; the row ``""`` is the effect with all mechanisms.

        effect : the programme's effect without the mechanism. without_programme : the outcome's mean without programme
        and mechanism. carried : the effect with all mechanisms minus `effect`, with its 95 % interval ``low`` to ``high`` and
        a verdict that is corrected for all rows together. pairs : replicates that finished in all runs.

        Raises InputError for an outcome that some of the runs leave undefined.
        """
        import pandas as pd

        for name, table in self.comparison.tables.items():
            values = np.asarray(table[outcome], np.float64)
            if undefined := int(np.isnan(values).sum()):
                runs = f"{undefined} of {values.size} runs of '{name}'"
                raise InputError(f"{outcome} is undefined in {runs}, so its effects can't be compared")
        both, none, *off = self.comparison.paired(outcome, *self.comparison.tables)
        effects = [both - none] + [here - there for here, there in zip(off[::2], off[1::2], strict=True)]
        found = corrected([interval(effects[0]), *(interval(effects[0] - effect) for effect in effects[1:])])
        rows = [
            {"mechanism": mechanism, "effect": mean_of(effect), "without_programme": mean_of(without),
             "carried": row["difference"] if mechanism else 0.0, "low": row["low"], "high": row["high"],
             "pairs": row["pairs"], "verdict": row["verdict"]}
            for mechanism, effect, without, row in zip(
                ("", *(m.name for m in MECHANISMS)), effects, [none, *off[1::2]], found, strict=True
            )
        ]  # fmt: skip
        rows[1:] = sorted(rows[1:], key=lambda row: -float(row["carried"]))
        return pd.DataFrame(rows)


def labelled(what: str, mechanism: str) -> str:
    """Return the label of runs without a mechanism; "" for runs with all mechanisms."""
    return f"{what}, no {mechanism}" if mechanism else what


def switch_off(
    scenario: Scenario,
    replicates: int,
    seed: int,
    weeks: int | None = None,
    *,
    folder: Path | None = None,
    jobs: int | None = None,
    report: Report | None = None,
    scheduler: str | None = None,
) -> SwitchedOff:
    """Run a scenario with and without its programme, with everything and without each of `MECHANISMS`.

    replicates : at least 2. weeks : the scenario's own if None. folder, jobs, scheduler, report : as of `sim.runs.run`.
    Raises InputError for a scenario without an active intervention.
    """
    request = request_of_mechanisms(scenario, replicates, seed, weeks)
    with Collection(folder, NAME) as kept:
        return SwitchedOff(finished(run(request, kept, jobs=jobs, scheduler=scheduler, report=report), replicates))


def request_of_mechanisms(scenario: Scenario, replicates: int, seed: int, weeks: int | None = None) -> Request:
    """Return the request for the runs of `switch_off`. Raises InputError for a scenario without an active intervention."""
    if not active(scenario):
        raise InputError(f"'{scenario.title}' has no active intervention, so no mechanism carries an effect")
    named: dict[str, Scenario] = {}
    for mechanism in ("", *(m.name for m in MECHANISMS)):
        off = next((m.off for m in MECHANISMS if m.name == mechanism), {})
        changed = with_values(scenario, off)
        named[labelled("programme", mechanism)] = changed
        named[labelled("none", mechanism)] = without_programme(changed)
    return Request.of(named, replicates, seed, horizon_of(named, weeks), observed=tuple(TOTAL_UNITS))
