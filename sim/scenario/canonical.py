"""Write a scenario in one canonical form, so that equal scenarios have equal text and can be told by its hash."""

from __future__ import annotations

import json

from sim.scenario.schema import Scenario


def canonical(scenario: Scenario) -> str:
    """Return a scenario as JSON with sorted keys and shortest exact floats.

    The title is left out, because it can't change a result. Names stay, because draws are keyed by them, and so does
    an intervention of strength 0.
    """
    values = scenario.model_dump(mode="json", exclude={"title"})
    return json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
