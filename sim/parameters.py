"""The numbers of a scenario's household and public blocks as one record, which compiled code reads by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.scenario.schema import Household, Public, Scenario

FIELDS = (*Household.model_fields, *Public.model_fields)
DTYPE = np.dtype([(name, np.float64) for name in FIELDS])


def parameters(scenario: Scenario) -> npt.NDArray[Any]:
    """Return the record, shape (1,), with a float64 field for each number."""
    record = np.zeros(1, DTYPE)
    for block in (scenario.household, scenario.public):
        for name in type(block).model_fields:
            record[name] = getattr(block, name)
    return record
