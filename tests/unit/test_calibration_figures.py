"""Figures of a calibration: they fit, can be read, and show what the tables say."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim.figures import DOUBLE, SINGLE, save
from sim.figures.fonts import drawable
from sim.figures.marginals import marginals
from sim.figures.pairs import pairs
from sim.figures.predictive import predictive

KEYS = [f"household.value_{k}" for k in range(9)]
NAMES = {key: f"persuasion retention {k} (ρ)" for k, key in enumerate(KEYS)}


def densities() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    parts = []
    for key in KEYS:
        edges = np.linspace(-4.1, 2.4, 13)
        shares = rng.dirichlet(np.ones(12))
        parts.append(pd.DataFrame({"key": key, "name": NAMES[key], "bin_low": edges[:-1], "bin_high": edges[1:],
                                   "prior": 1 / 12, "posterior": shares}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def verdicts() -> pd.DataFrame:
    words = ["narrowed", "moved, not narrowed", "not identified"]
    return pd.DataFrame(
        {"key": KEYS, "verdict": [words[k % 3] for k in range(9)], "medoid": 0.5, "default": np.linspace(-4, 2, 9)}
    )


def draws() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    return pd.DataFrame(rng.uniform(-1, 1, (200, 9)), columns=KEYS)


def correlations() -> pd.DataFrame:
    rows = [(a, b, 0.9 if (a, b) == (KEYS[0], KEYS[1]) else -0.05) for a, b in combinations(KEYS, 2)]
    return pd.DataFrame(rows, columns=["first", "second", "correlation"])


def courses() -> pd.DataFrame:
    parts = []
    for scenario in ("campaign", "baseline", "veteran_role_model"):
        for kind, middle in (("prior", 0.2), ("posterior", 0.6), ("defaults", 0.5)):
            course = middle * (1 - np.exp(-np.arange(156) / 40))
            parts.append(pd.DataFrame({
                "scenario": scenario, "draws": kind, "week": np.arange(156), "q05": 0.6 * course, "q25": 0.8 * course,
                "q50": course, "q75": 1.2 * course, "q95": 1.4 * course, "number": 200,
            }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def targets() -> pd.DataFrame:
    return pd.DataFrame([("campaign", 26, 0.6, 1.0)], columns=["scenario", "week", "low", "high"])


FIGURES: dict[str, Callable[[float], Figure]] = {
    "marginals": lambda width: marginals(densities(), verdicts(), width=width),
    "pairs": lambda width: pairs(draws(), correlations(), KEYS[:6], NAMES, width=width),
    "predictive": lambda width: predictive(courses(), targets(), width=width),
}


@pytest.mark.parametrize("width", [SINGLE, DOUBLE])
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_the_journal_s_width_and_all_its_words_on_the_page(name: str, width: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = FIGURES[name](width)
        figure.canvas.draw()
    assert round(figure.get_figwidth() * 25.4, 6) == width
    shown = [text for axes in figure.axes for text in (axes._left_title, axes.xaxis.label, axes.yaxis.label)]
    shown += [text for axes in figure.axes for text in axes.texts] + list(figure.texts)
    assert all(drawable(text.get_text()) for text in shown)
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown if text.get_visible() and text.get_text()]
    assert len(boxes) > 3
    for words, box in boxes:
        assert box.x0 >= -0.5 and box.x1 <= figure.bbox.x1 + 0.5, words
        assert box.y0 >= -0.5 and box.y1 <= figure.bbox.y1 + 0.5, words
    for (one, a), (other, b) in combinations(boxes, 2):
        assert min(min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)) <= 2.5, (one, other)


def test_files_are_the_same_in_two_runs(tmp_path: Path) -> None:
    for name in ("predictive", "marginals"):
        first = [path.read_bytes() for path in save(FIGURES[name](SINGLE), tmp_path / name)]
        assert [path.read_bytes() for path in save(FIGURES[name](SINGLE), tmp_path / f"{name}-2")] == first


def test_marginals_are_as_high_as_the_shares_and_pairs_show_their_correlation() -> None:
    figure = FIGURES["marginals"](DOUBLE)
    heights = [patch.get_height() for patch in figure.axes[0].patches if hasattr(patch, "get_height")]
    assert np.allclose(heights[:12], densities()["posterior"][:12])
    words = [text.get_text() for axes in FIGURES["pairs"](DOUBLE).axes for text in axes.texts]
    assert words.count("+0.90") == 1 and words.count("−0.05") == 14


def test_a_table_that_lacks_a_column_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks"):
        marginals(densities().drop(columns="prior"), verdicts())
    with pytest.raises(ValueError, match="lacks"):
        predictive(courses().drop(columns="q05"), targets())
    with pytest.raises(ValueError, match="at least two"):
        pairs(draws(), correlations(), KEYS[:1])
