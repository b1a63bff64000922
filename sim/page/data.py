"""The data of the viewer (`viewer.js`): runs, curves and words, in JSON's types."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.outcomes import CURVES, unit_of
from sim.engine.world.columns import RUNGS
from sim.figures.colour import RUNG_COLOURS
from sim.page.words import Text, english, name_in, texts
from sim.runs.replay import FLOWS, compressed

if TYPE_CHECKING:
    import pandas as pd

SCALE = 10_000
"""Curves are kept in whole numbers of this part of their unit, from 0 to 3."""


def viewer_data(
    titles: Mapping[str, Text], curves: pd.DataFrame, films: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the data of the viewer.

    titles : of the scenarios by label, in their order. curves : see `sim.analysis.compare.Comparison.curves`. films : packed
    replays (`sim.runs.replay.packed`) by label, of the same villages and weeks; other scenarios have curves only.
    """
    runs = list(films)
    return {
        "words": texts("viewer"),
        "names": {
            "outcomes": {name: name_in("outcomes", name) for name in (*CURVES, *FLOWS)},
            "rungs": {name: name_in("rungs", name) for name in RUNGS},
            "parts": {name: name_in("parts", name) for name in english()["parts"]},
            "units": {unit_of(name): name_in("units", unit_of(name)) for name in FLOWS},
        },
        "rungs": RUNGS,
        "colours": RUNG_COLOURS,
        "letters": letters_of(titles),
        "scenarios": [
            {"title": title, "run": runs.index(label) if label in films else None} for label, title in titles.items()
        ],
        "curves": _curves(curves[curves["group"] == "all"], list(titles)),
        "runs": [films[label] for label in runs],
    }  # fmt: skip


def letters_of(labels: Iterable[str]) -> list[str]:
    """Return what curves and tables call scenarios, in their order: A to Z, then AA, AB and so on."""
    more = (first + second for first in ascii_uppercase for second in ascii_uppercase)
    return [letter for letter, _ in zip(chain(ascii_uppercase, more), labels, strict=False)]


def _curves(curves: pd.DataFrame, labels: Sequence[str]) -> list[dict[str, Any]]:
    """Return each outcome's curves: for every scenario the mean and the ends of the band, or None where there are none.

    A curve is packed as the change from week to week in 1 / `SCALE`, as 16-bit numbers.
    """
    by_curve = {key: rows.sort_values("week") for key, rows in curves.groupby(["outcome", "scenario"], sort=False)}
    found = []
    for outcome in CURVES:
        of = [by_curve.get((outcome, label)) for label in labels]
        packed = [
            rows if rows is None else {name: _packed(rows[key]) for name, key in _drawn(rows).items()} for rows in of
        ]
        if any(packed):
            found.append({"name": outcome, "unit": unit_of(outcome), "scale": SCALE, "of": packed})
    return found


def _drawn(curve: pd.DataFrame) -> dict[str, str]:
    """Return which columns of a curve are drawn, by what the viewer calls them; that of a single run has no band."""
    return {"mean": "mean"} if (curve["q05"] == curve["q95"]).all() else {"mean": "mean", "low": "q05", "high": "q95"}


def _packed(curve: pd.Series) -> str:
    whole = np.rint(curve.to_numpy() * SCALE).astype("<i2")
    return compressed(np.diff(whole, prepend=np.int16(0)))


def embedded(data: Mapping[str, Any]) -> str:
    """Return data as JSON that may stand in a script element of HTML, where ``<`` could end it."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
