"""Draws for mechanisms in plain Python, by the name of a decision."""

from __future__ import annotations

from typing import Any

import numpy as np
from command_line import SMALL

from sim import MobilizationModel


def test_draws_by_name_depend_on_what_they_are_keyed_by_alone() -> None:
    town = {"villages": [{"name": "a"}, {"name": "b"}], **SMALL}

    def drawn(overrides: dict[str, Any], name: str = "x", weeks: int = 1, **more: Any) -> np.ndarray[Any, Any]:
        with MobilizationModel("baseline", weeks=9, overrides=overrides, **{"seed": 3, **more}) as model:
            for _ in range(weeks):
                model.step()
            last = [agent for agent in model.residents if agent.village_index == len(model.grids) - 1]
            return np.array([model.uniform(agent, name) for agent in last])

    base = drawn(town)
    assert base.size == 80 and ((base >= 0) & (base < 1)).all() and np.unique(base).size == 80
    assert abs(base.mean() - 0.5) < 4 * (1 / 12 / 80) ** 0.5
    assert (base == drawn(town)).all()
    assert (base == drawn({"villages": [{"name": "b"}], **SMALL})).all()  # other villages change nothing
    for other in (drawn(town, "y"), drawn(town, weeks=2), drawn(town, seed=4), drawn(town, replicate=1),
                  drawn({"villages": [{"name": "c"}], **SMALL})):  # fmt: skip
        assert not (base == other).any()
