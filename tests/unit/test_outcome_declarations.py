"""An outcome is one declaration: complete, of all that a run gives, and all that it takes to add one."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from own_process import output_of

from sim.engine.outcomes import (
    BY_VILLAGE,
    COURSES,
    EFFECTS,
    GROUPS,
    MAIN,
    TOTALS,
    WEEKLY,
    WEEKLY_BY_VILLAGE,
    Total,
    Weekly,
    by_topic,
)
from sim.engine.outcomes.declaration import Added, Households, Measured, Reduction
from sim.engine.tallies import MEASURES, TALLIES
from sim.runs.single import run, villages_table
from sim.scenario import load_scenario

TOWN = load_scenario("baseline", [
    {"village.households": 30, "village.party_members": 3, "weeks": 4}, {"villages": [{"name": "a"}, {"name": "b"}]},
])  # fmt: skip
PATHS = os.pathsep.join(map(str, Path(__file__).parents[1:3]))
"""Where a child process finds the twin and this checkout's package."""


@pytest.mark.parametrize("outcome", [*WEEKLY, *TOTALS], ids=lambda outcome: f"{type(outcome).__name__} {outcome.name}")
def test_a_declaration_is_complete(outcome: Weekly | Total) -> None:
    assert outcome.name.isidentifier() and outcome.name == outcome.name.lower()
    for text in (outcome.unit, outcome.label, outcome.meaning, outcome.topic):
        assert text and text == text.strip(" .")
    assert outcome.unit == "share" or "%" not in outcome.unit
    assert outcome.axis == "" or outcome.axis[0].isupper()


@pytest.mark.parametrize("outcomes", [WEEKLY, TOTALS, BY_VILLAGE], ids=["weekly", "totals", "by village"])
def test_names_and_labels_tell_outcomes_apart(outcomes: tuple[Weekly | Total, ...]) -> None:
    for texts in ([one.name for one in outcomes], [one.label for one in outcomes]):
        assert len(set(texts)) == len(texts)


def test_a_name_means_one_thing_in_a_week_and_in_a_run() -> None:
    weekly = {one.name: one for one in WEEKLY}
    assert COURSES
    for total in TOTALS:
        if total.name in COURSES:
            one = weekly[total.name]
            told = ("unit", "label", "axis", "topic")
            assert [getattr(total, what) for what in told] == [getattr(one, what) for what in told]


def test_weekly_outcomes_are_made_of_what_is_recorded() -> None:
    for outcome in WEEKLY:
        if isinstance(outcome.source, Measured):
            assert outcome.source.name in MEASURES
        elif not isinstance(outcome.source, Households):
            assert outcome.source.names and set(outcome.source.names) <= set(TALLIES)


def test_totals_are_made_of_weekly_outcomes() -> None:
    names = {outcome.name for outcome in WEEKLY}
    for total in (*TOTALS, *BY_VILLAGE):
        if isinstance(total.how, Added):
            assert set(total.how.of) <= names
        elif isinstance(total.how, Reduction):
            assert total.how.of in names
        else:
            assert not total.by_village, f"{total.name}: what is kept by village reduces a weekly outcome"


def test_a_run_gives_what_is_declared_and_nothing_else() -> None:
    result = run(TOWN)
    assert list(result.columns) == ["week", "group", *(outcome.name for outcome in WEEKLY)]
    assert list(result.totals) == [outcome.name for outcome in TOTALS]
    weekly = [f"weekly.{name}" for name in WEEKLY_BY_VILLAGE]
    assert list(villages_table(result.simulation)) == ["village", *(outcome.name for outcome in BY_VILLAGE), *weekly]
    local = result.weekly.query("group == 'local'")
    for outcome in WEEKLY:
        assert local[outcome.name].notna().all() == outcome.by_group, outcome.name
    assert set(result.weekly["group"]) == set(GROUPS)


def test_what_is_printed_is_kept_and_every_outcome_has_a_topic() -> None:
    assert set(MAIN) <= set(EFFECTS)
    topics = by_topic(outcome.name for outcome in TOTALS)
    assert sorted(name for names in topics.values() for name in names) == sorted(outcome.name for outcome in TOTALS)


GUIDE = (Path(__file__).parents[2] / "docs" / "EXTENDING.md").read_text(encoding="utf-8")
NEW_WEEKLY, NEW_TOTAL = re.findall(r"^# in (?:WEEKLY|TOTALS)\n(    .*\n)", GUIDE, re.MULTILINE)
"""The lines that the guide adds."""
ADDED = f"""
import sys
from importlib.machinery import PathFinder, SourceFileLoader

WEEKLY_END, TOTALS_END = ")  # fmt: skip\\n\\n\\ndef _of(", ")  # fmt: skip\\n\\nBY_VILLAGE"


class Edited(SourceFileLoader):
    def get_code(self, name):
        text = self.get_source(name)
        for end, line in ((WEEKLY_END, {NEW_WEEKLY!r}), (TOTALS_END, {NEW_TOTAL!r})):
            assert text.count(end) == 1
            text = text.replace(end, line + end)
        return compile(text, self.path, "exec")


class Finder(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != "sim.engine.outcomes.declared":
            return None
        spec = super().find_spec(name, path, target)
        spec.loader = Edited(name, spec.origin)
        return spec


sys.meta_path.insert(0, Finder)
"""
"""A program's beginning that adds an outcome to the text of the file of declarations, and to nothing else."""
LOOK = """
import contextlib, io, json
from pathlib import Path

import sim.cli
from oracle.comparing import first_differences
from sim.analysis.compare import compare
from sim.engine.outcomes import BY_VILLAGE, EFFECTS
from sim.figures.forest import forest
from sim.reference import pages
from sim.runs.single import run
from sim.scenario import load_scenario

small = {"village.households": 30, "village.party_members": 3, "weeks": 30}
named = {name: load_scenario(name, small) for name in ("baseline", "household_contact")}
result = run(named["baseline"])
told = {"a week": float(result.weekly["small_settled"].sum()), "in a run": result.totals["small_settled"]}
told["all"] = float(result.weekly["disputes_settled"].sum())
told["twin"] = first_differences(named["baseline"], 30)
compared = compare(named, 3, folder=Path("results"))
told["printed"] = []
for full in ([], ["--full"]):
    sys.argv = ["grassroots", "results", "compare", "baseline", "household_contact", *full]
    text = io.StringIO()
    with contextlib.redirect_stdout(text), contextlib.suppress(SystemExit):
        sim.cli.main()
    told["printed"].append("small disputes settled (disputes)" in text.getvalue())
told["page"] = [line for line in pages()["outcomes.md"].splitlines() if "small_settled" in line]
figure = forest(compared.effects_on(["small_settled"]), ["small_settled"])
told["figure"] = [axes.get_title("left") for axes in figure.axes]
print(json.dumps(told))
"""


def test_an_outcome_of_a_tally_is_added_in_one_file(tmp_path: Path) -> None:
    """It is then in tables, in ``--full``, on its page, in figures, and compared with the twin."""
    told = json.loads(output_of(ADDED + LOOK, cwd=tmp_path, PYTHONPATH=PATHS))
    assert 0 < told["a week"] == told["in a run"] <= told["all"]
    assert told["twin"] == []
    assert told["printed"] == [False, True]
    row = "| `small_settled` | disputes | small disputes settled | disputes |"
    assert told["page"] == [f"{row}  | small disputes settled |", f"{row}  | small disputes settled, all weeks |"]
    assert told["figure"] == ["Small disputes settled: difference against baseline (disputes)"]
