"""The words of pages: Chinese for everything that is declared, and for nothing else; both languages fill in the same."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from sim.analysis import intervals
from sim.analysis.comparable import OTHER_SIZE
from sim.analysis.compare import NEVER, ONE_NEVER
from sim.engine.outcomes import CURVES, EFFECTS, difference_unit, unit_of, unit_text
from sim.explore.server import HERE as EXPLORE
from sim.interventions import KINDS
from sim.page import words
from sim.page.frame import HERE
from sim.runs.replay import FLOWS
from sim.scenario import load_scenario


def has_chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))


@pytest.mark.parametrize("group", ["parts", "interventions", "rungs"])
def test_all_that_is_declared_has_a_chinese_name(group: str) -> None:
    declared = set(words.english()[group]) - {
        kind for kind, one in KINDS.items() if not one.__module__.startswith("sim.")
    }
    assert declared <= set(words.chinese(group))
    assert all(map(has_chinese, words.chinese(group).values()))


def test_no_chinese_name_is_left_of_what_is_no_longer_declared() -> None:
    for group in ("outcomes", "parts", "interventions", "units"):
        assert set(words.chinese(group)) <= set(words.english()[group])


def test_outcomes_of_pages_have_chinese_names_and_units() -> None:
    assert {*EFFECTS, *CURVES, *FLOWS} <= set(words.chinese("outcomes"))
    units = {text(unit_of(outcome)) for outcome in EFFECTS for text in (unit_text, difference_unit)}
    assert all(has_chinese(words.name_in("units", unit)["zh"]) for unit in units - {"%"})


def test_verdicts_have_chinese_names() -> None:
    alone = (intervals.MORE, intervals.LESS, intervals.UNCLEAR, intervals.SAME, intervals.DEPENDS, intervals.UNDEFINED)
    few = (intervals.TOO_FEW, intervals.FEW_DRAWS, intervals.FEW_REPLICATES)
    found = {*alone, *few, *intervals.EVERY.values(), *intervals.PERHAPS.values(), NEVER, ONE_NEVER, OTHER_SIZE}
    assert found == set(words.chinese("verdicts"))


def test_both_languages_have_every_text_and_fill_in_the_same() -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    for key, text in [item for section in words.SECTIONS for item in words.texts(section).items()]:
        assert set(text) == set(words.LANGUAGES), key
        assert names(text["en"]) == names(text["zh"]), key
        in_words = re.search("[a-z]", re.sub(r"\{\w+\}", "", text["en"]))
        assert has_chinese(text["zh"]) or not in_words, key


def test_every_text_is_used() -> None:
    viewer = (HERE / "viewer.js").read_text("utf-8")
    pages = "".join(path.read_text("utf-8") for ending in ("html", "py") for path in HERE.glob(f"*.{ending}"))
    explore = "".join(path.read_text("utf-8") for path in EXPLORE.iterdir() if path.suffix in (".py", ".js"))
    for key, used in [
        (key, used)
        for section, used in zip(words.SECTIONS, (pages, viewer, explore), strict=True)
        for key in words.texts(section)
    ]:
        stem = key.split(".")[0]
        assert f'"{key}"' in used or f"'{key}'" in used or f'"{stem}.' in used or f"`{stem}." in used, key


def test_titles_in_chinese_are_the_names_of_the_interventions() -> None:
    both = load_scenario("veteran_role_model_and_donation")
    assert words.title_of(both.title, both.interventions)["zh"] == "老党员带头、乡贤捐赠"
    assert words.title_of("No programme", ())["zh"] == "没有办法"


def test_titles_that_would_be_equal_in_chinese_stay_apart() -> None:
    twice = [{"en": "One", "zh": "捐"}, {"en": "Two", "zh": "捐"}, {"en": "Three", "zh": "会"}]
    assert [title["zh"] for title in words.distinct(twice)] == ["One", "Two", "会"]
