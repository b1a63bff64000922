"""The words of pages in English and Chinese: texts of the page itself, and names of what is declared elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from sim.engine.outcomes import TOTALS, WEEKLY, axis_text, difference_unit, label_of, unit_text
from sim.engine.scores import HOLDING_BACK
from sim.engine.terms import TERMS
from sim.engine.world.columns import RUNGS
from sim.interventions import KINDS, Intervention

LANGUAGES = {"en": "en", "zh": "zh-Hans"}
"""The languages of pages, and how HTML calls them."""
SECTIONS = ("page", "viewer", "explore")
"""The texts that only reports have, those of the viewer, and those that only the page of ``grassroots explore`` has."""
Text = dict[str, str]
"""A text by language."""


@cache
def _file() -> dict[str, dict[str, Mapping[str, str]]]:
    text: dict[str, dict[str, Mapping[str, str]]] = yaml.safe_load(
        (Path(__file__).parent / "words.yaml").read_text("utf-8")
    )
    return text


def word(key: str, **values: object) -> Text:
    """Return a text of a page with its {names} filled in. values : texts, or texts by language. Raises KeyError."""
    text = next(_file()[section][key] for section in SECTIONS if key in _file()[section])
    return {
        language: text[language].format_map(
            {name: value[language] if isinstance(value, Mapping) else value for name, value in values.items()}
        )
        for language in LANGUAGES
    }  # fmt: skip


def between(low: float, high: float, said: Callable[[float], str]) -> Text:
    """Return an interval, whose ends `said` writes; a dash if there is none (NaN)."""
    return word("range", low=said(low), high=said(high)) if low == low else dict.fromkeys(LANGUAGES, "-")


def texts(section: str) -> dict[str, Mapping[str, str]]:
    """Return all texts of one of the `SECTIONS`, unfilled."""
    return {key: dict(text) for key, text in _file()[section].items()}


def english() -> dict[str, dict[str, str]]:
    """Return the English names of everything declared that pages name, by group, as `words.yaml` groups the Chinese."""
    units = {one.unit for one in (*TOTALS, *WEEKLY)}
    return {
        "outcomes": {one.name: axis_text(one.name) for one in (*WEEKLY, *TOTALS)},
        "rungs": {name: label_of(name) for name in RUNGS},
        "parts": {**{term.name: term.label for term in TERMS.values()}, **{name: name for name in HOLDING_BACK}},
        "interventions": {kind: kind.replace("_", " ") for kind in KINDS},
        "units": {text: text for unit in units for text in (unit_text(unit), difference_unit(unit)) if text},
    }


def chinese(group: str) -> Mapping[str, str]:
    """Return the Chinese names of a group of `words.yaml`, or of the interventions, which declare their own."""
    if group == "interventions":
        return {kind: one.chinese[0] for kind, one in KINDS.items() if one.chinese}
    return _file()["groups"]["outcomes" if group == "rungs" else group]


def name_in(group: str, key: str) -> Text:
    """Return the name of something declared; in Chinese the English one where `words.yaml` has none."""
    text = english().get(group, {}).get(key, key.replace("_", " "))
    return {"en": text, "zh": chinese(group).get(key, text)}


def title_of(title: str, interventions: Sequence[Intervention]) -> Text:
    """Return a scenario's title; in Chinese the names of its interventions, if the package has Chinese for all of them."""
    names = [chinese("interventions").get(one.kind, "") for one in interventions]
    return {"en": title, "zh": "、".join(names) if names and all(names) else title if names else "没有办法"}


def distinct(titles: Sequence[Text]) -> list[Text]:
    """Return titles of which no two are equal in Chinese: those that were get their English one."""
    chinese_ones = [title["zh"] for title in titles]
    return [
        title if chinese_ones.count(title["zh"]) == 1 else {**title, "zh": title["en"]} for title in titles
    ]  # fmt: skip
