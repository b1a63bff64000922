"""The numbers of a scenario's blocks, which compiled code reads by name."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.base.fields import Frozen
from sim.compiler.arguments import bundle
from sim.scenario.schema import Household, Plan, Public, Scenario, Ties, Village

FIELDS = (*Household.model_fields, *Public.model_fields)
_VALUES = attrgetter(
    *(f"household.{name}" for name in Household.model_fields), *(f"public.{name}" for name in Public.model_fields)
)  # fmt: skip
Parameters: Any = bundle(namedtuple("Parameters", FIELDS))
"""The numbers of households' rule and of public life, floats; a named tuple, so that compiled loops know them as fixed."""


def parameters(scenario: Scenario) -> Any:
    """Return the `Parameters` of a scenario."""
    return Parameters(*map(float, _VALUES(scenario)))


def _numbers(block: type[Frozen], path: str = "") -> Iterator[tuple[str, type[Any]]]:
    """Yield the path of each number of a block, and its type in a record."""
    for name, field in block.model_fields.items():
        if field.annotation in (int, float):
            yield path + name, np.int64 if field.annotation is int else np.float64


_OF_VILLAGE = dict((*_numbers(Village), *_numbers(Plan, "plan."), *_numbers(Ties, "ties.")))
VILLAGE_DTYPE = np.dtype([(path.replace(".", "_"), kind) for path, kind in _OF_VILLAGE.items()])
_VALUES_OF_VILLAGE = attrgetter(*_OF_VILLAGE)


def village_parameters(scenario: Scenario) -> npt.NDArray[Any]:
    """Return a record for each village, shape (villages,): its numbers, those of its plan and ties as ``plan_sight``."""
    return np.array([_VALUES_OF_VILLAGE(village) for village in scenario.villages], VILLAGE_DTYPE)
