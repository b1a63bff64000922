"""Write a scenario in one canonical form, so that equal scenarios have equal text and one hash identifies them."""

from __future__ import annotations

import json

from sim.scenario.schema import Scenario


def canonical(scenario: Scenario) -> str:
    """Return a scenario as JSON with sorted keys and shortest exact floats.

    The title is left out, because it can't change a result. Names stay, because draws are keyed by them; so do
    interventions of strength 0.
    """
    values = scenario.model_dump(mode="json", exclude={"title"})
    return json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
