"""Cases that anybody can write: a YAML file a group of cases, each a scenario, what is set, and what must come out.

::

    - title: who never climbs never adopts
      scenario: baseline
      set: {household.climb_rate: 0}
      weeks: 30
      seeds: [1, 2, 3]
      expect:
        - {outcome: adopted, at_most: 0}
        - {outcome: own_hours, each_week: true, at_most: 0}

``outcome`` is one of those that a run prints (see `sim.engine.outcomes.TOTALS`); with ``each_week: true`` one of the weekly
table, for the whole village, and the bound holds in every week. A bound is ``at_least``, ``at_most``, or ``is``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.base.errors import InputError, nearest
from sim.base.yaml_reader import Node, parse_yaml, read_yaml
from sim.engine.outcomes import TOTALS, WEEKLY
from sim.runs.single import run
from sim.scenario import load_scenario

FOLDER = Path(__file__).parent / "cases"
KEYS = {"title", "scenario", "set", "weeks", "seeds", "expect"}
BOUNDS = {
    "at_least": lambda value, bound: value >= bound,
    "at_most": lambda value, bound: value <= bound,
    "is": lambda value, bound: np.isclose(value, bound, rtol=1e-12, atol=1e-12),
}


def cases_of(root: Node) -> list[dict[str, Any]]:
    """Return the cases of a file, checked. Raises InputError at the line of the first mistake."""
    if not isinstance(root.value, list) or not root.value:
        raise root.error("must be a list of cases, each with a dash")
    for node in root.value:
        check_keys(node, KEYS, {"title", "scenario", "weeks", "seeds", "expect"}, "a case")
        expected = node.value["expect"]
        if not isinstance(expected.value, list) or not expected.value:
            raise expected.error("'expect' must be a list with an outcome and a bound at least")
        for one in expected.value:
            check_keys(one, {"outcome", "each_week", *BOUNDS}, {"outcome"}, "an expectation")
            weekly = "each_week" in one.value and one.value["each_week"].value is True
            known = [outcome.name for outcome in (WEEKLY if weekly else TOTALS)]
            name = one.value["outcome"].value
            if name not in known:
                raise one.error(f"unknown outcome '{name}'{nearest(str(name), known)}")
            bounds = [one.value[bound].value for bound in BOUNDS if bound in one.value]
            if not bounds or not all(isinstance(bound, int | float) for bound in bounds):
                raise one.error(f"'{name}' needs a number as at_least, at_most or is")
    return [node.plain() for node in root.value]


def check_keys(node: Node, known: set[str], needed: set[str], what: str) -> None:
    if not isinstance(node.value, dict):
        raise node.error(f"{what} must be a block of keys")
    for key, value in node.value.items():
        if key not in known:
            raise value.error(f"unknown key '{key}' in {what}{nearest(key, known)}")
    for key in sorted(needed - set(node.value)):
        raise node.error(f"{what} needs '{key}'")


def misses(case: dict[str, Any]) -> list[str]:
    """Run a case and return what came out otherwise, a line each."""
    scenario = load_scenario(case["scenario"], case.get("set", {}))
    found = []
    for seed in case["seeds"]:
        result = run(scenario, seed, weeks=case["weeks"])
        for one in case["expect"]:
            name = one["outcome"]
            weekly = np.asarray(result.columns[name], float)[::4] if one.get("each_week") else [result.totals[name]]
            for bound, holds in BOUNDS.items():
                if bound in one:
                    wrong = [week for week, value in enumerate(weekly) if not holds(value, one[bound])]
                    if wrong:
                        when = f" in week {wrong[0]}" if one.get("each_week") else ""
                        value = f"{weekly[wrong[0]]:g}"
                        text = f"{name} was {value}{when}, not {bound.replace('_', ' ')} {one[bound]:g}"
                        found.append(f"'{case['title']}', seed {seed}: {text}".replace("not is", "not"))
    return found


CASES = [(path.name, case) for path in sorted(FOLDER.glob("*.yaml")) for case in cases_of(read_yaml(path))]


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['title']}" for file, case in CASES])
def test_case(file: str, case: dict[str, Any]) -> None:
    found = misses(case)
    assert not found, f"tests/cases/{file}: " + "; ".join(found)


def test_there_are_cases() -> None:
    assert len(CASES) >= 4


GOOD = "- {title: t, scenario: baseline, weeks: 2, seeds: [1], expect: [%s]}"


def test_a_case_that_fails_says_which_and_by_how_much() -> None:
    (case,) = cases_of(
        parse_yaml(GOOD % "{outcome: reached, at_least: 2}, {outcome: clean, each_week: true, is: -1}", "x")
    )
    found = misses(case)
    assert len(found) == 2
    assert found[0].startswith("'t', seed 1: reached was 0.")
    assert found[0].endswith("not at least 2")
    assert "in week 0, not -1" in found[1]


@pytest.mark.parametrize(
    ("text", "told"),
    [("title: x", "list of cases"), ("- {title: t}", "a case needs 'expect'"), ("- 3", "must be a block"),
     (GOOD % "{outcome: adoptd, at_most: 1}", "did you mean 'adopted'"), (GOOD % "{outcome: adopted}", "needs a number"),
     (GOOD % "{outcome: adopted, at_mots: 1}", "did you mean 'at_most'"), (GOOD % "", "at least"),
     (GOOD % "{outcome: adopted, at_most: much}", "needs a number"),
     ((GOOD % "{outcome: adopted, at_most: 1}").replace("weeks", "wekes"), "did you mean 'weeks'")],
)  # fmt: skip
def test_a_mistake_in_a_case_is_told_with_file_and_line(text: str, told: str) -> None:
    with pytest.raises(InputError) as error:
        cases_of(parse_yaml(text, "mine.yaml"))
    assert str(error.value).startswith("mine.yaml:1: ")
    assert told in str(error.value)
