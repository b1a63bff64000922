"""Mesa's data collector for a `MobilizationModel`: the totals of `sim.engine.outcomes`, and users' agent reporters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import mesa

from sim.engine.outcomes import GROUPS, TOTALS, Columns


class Collector(mesa.DataCollector):
    """Mesa's collector, adapted so that `mesa.batch_run` finds the agents' and the model's values of a week together.

    The batch runner of Mesa 3.3 looks for both under the step's number from 0, but agents' records are stored under the
    number from 1. Later versions store a list of steps instead.
    """

    def collect(self, model: Any) -> None:
        """Collect the model's values, and those of agents under the step number that the batch runner expects."""
        super().collect(model)
        if self.agent_reporters and not hasattr(self, "_collection_steps"):
            self._agent_records[model.steps - 1] = self._agent_records.pop(model.steps)


def collector(agent_reporters: Mapping[str, Any] | None) -> Collector:
    """Return a collector of the totals, and of users' agent reporters by name."""
    reporters = {outcome.name: partial(_total, outcome.name) for outcome in TOTALS}
    # Mesa turns names into functions that can't be pickled.
    by_agent = {name: partial(_attribute, what) if isinstance(what, str) else what
                for name, what in (agent_reporters or {}).items()}  # fmt: skip
    return Collector(model_reporters=reporters, agent_reporters=by_agent)


def _attribute(name: str, agent: Any) -> Any:
    return getattr(agent, name, None)


def _total(name: str, model: Any) -> float:
    return float(model.totals[name])


def first_weeks(table: Columns, weeks: int) -> Columns:
    """Return the weekly table of the first weeks."""
    return {name: column[: weeks * len(GROUPS)] for name, column in table.items()}
