"""Titles: every figure states what it finds, from its data, and the rest of it stays clear of the title and the note."""

from __future__ import annotations

from typing import cast

import pytest
from figure_tables import (
    LABELS,
    climbs_table,
    curves_table,
    differences_table,
    effects_table,
    indices_table,
    morris_table,
)
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.figures import attribution, climbs_by_term, forest, index_bars, ladder, morris, outcome_curves
from sim.figures.style import TITLE
from tests.figures.test_every_figure import FIGURES


def title_of(figure: Figure) -> str:
    """Return the figure's title in one line."""
    (title,) = (text.get_text() for text in figure.texts if text.get_gid() == TITLE)
    return " ".join(title.split())


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_a_title_that_no_axes_reach(name: str) -> None:
    figure = FIGURES[name](183.0)
    (title,) = (text for text in figure.texts if text.get_gid() == TITLE)
    assert len(title.get_text()) > 20 and "nan" not in title.get_text()
    box = Text.get_window_extent(title)
    assert all(axes.bbox.y1 < box.y0 for axes in figure.axes)


@pytest.mark.parametrize(
    ("figure", "title"),
    [
        (outcome_curves(curves_table(), labels=LABELS),
         "Households that have adopted: highest 61.9 % after 104 weeks, with 大沥镇密集动员"),
        (outcome_curves(curves_table(), scenarios=["donation"]),
         "Households that have adopted: 58.0 % after 104 weeks, with donation"),
        (ladder(curves_table(), labels=LABELS),
         "Adopted after 104 weeks, of all households: from 50.0 % with No programme to 61.9 % with 大沥镇密集动员"),
        (forest(effects_table(), labels=LABELS),
         "Households that have adopted: the largest difference, +40.0 percentage points, with 大沥镇密集动员 against "
         "No programme"),
        (forest(effects_table().assign(verdict="not distinguishable")),
         "Households that have adopted: no difference can be told from chance"),
        (attribution(differences_table(), LABELS),
         "What tips climbs, against No programme: predisposition alone most, +9,600 with 大沥镇密集动员"),
        (climbs_by_term(climbs_table(), LABELS), "What tips climbs: most with 大沥镇密集动员, of which kin tips 28 %"),
        (climbs_by_term(climbs_table().assign(climbs=0.0)), "What tips climbs: nobody climbs"),
        (index_bars(indices_table(), "adopted"),
         "The outcome depends most on household.p 0: 50 % of the variance, then on household.p 1 and household.p 2"),
        (morris(morris_table(), "adopted"),
         "The outcome depends most on Parameter 5, then on Parameter 13 and Parameter 0; 12 of 24 exceed seed noise"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)  # fmt: skip
def test_titles_state_what_the_data_show(figure: object, title: str) -> None:
    assert title_of(cast(Figure, figure)) == title
