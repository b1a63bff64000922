"""Words on figures: fonts, signs, labels that don't overlap, and broken lines."""

from __future__ import annotations

from itertools import pairwise

import pytest
from figure_reading import words_of
from figure_tables import curves_table
from matplotlib import font_manager

from sim.commands.output import Output
from sim.figures import fonts, label, outcome_curves
from sim.figures.fonts import drawable, safe, text_width
from sim.figures.labels import spread, wrapped
from sim.figures.style import SMALL
from sim.figures.weeks import levels
from sim.figures.words import outcome_text, percent, percentage_points


def test_chinese_is_shown_only_by_a_font_that_has_it() -> None:
    assert label("敦根", "Dungen", ["DejaVu Sans"]) == "Dungen"
    assert label("Dūngēn", "Dungen", ["DejaVu Sans"]) == "Dūngēn"
    assert safe("敦根 village 村", ["DejaVu Sans"]) == "□ village □"
    assert safe("tab\tand bell\x07", ["DejaVu Sans"]) == "tab□and bell□"
    assert drawable(label("敦根", "Dungen"))


def test_dollars_are_not_mathematics() -> None:
    words = words_of(outcome_curves(curves_table(), scenarios=["donation"], labels={"donation": r"a $\alpha$ b_c^d $"}))
    assert r"$\alpha$" in words


def test_labels_are_spread_without_overlap() -> None:
    heights = [10.0, 20.0, 10.0, 10.0]
    places = spread([50.0, 50.0, 52.0, 3.0], heights, 0.0, 100.0)
    edges = sorted((place - h / 2, place + h / 2) for place, h in zip(places, heights, strict=True))
    assert all(low[1] <= high[0] + 1e-9 for low, high in pairwise(edges))
    assert edges[0][0] >= 0 and edges[-1][1] <= 100
    assert spread([20.0, 80.0], [10.0, 10.0], 0.0, 100.0) == [20.0, 80.0]


def test_marks_that_meet_lie_on_levels() -> None:
    assert levels([(0, 26), (13, 30), (26, 40), (14, 15)]) == [0, 1, 0, 2]


def test_lines_are_broken_by_their_width() -> None:
    lines = wrapped("Household contact by party members of the village", 30, SMALL).split("\n")
    assert len(lines) > 1
    assert max(text_width(line, SMALL) for line in lines) <= 30
    assert all(text_width(line, SMALL) <= 10 for line in wrapped("x" * 40, 10, SMALL).split("\n"))


@pytest.mark.parametrize(
    ("share", "tick", "points"),
    [(0.3, "30 %", "30"), (0.025, "2.5 %", "2.5"), (-0.1, "−10 %", "−10"), (0.0, "0 %", "0")],
)
def test_ticks_in_percent_have_decimals_only_where_they_are_needed(share: float, tick: str, points: str) -> None:
    assert (percent(share), percentage_points(share)) == (tick, points)


def test_axes_are_called_as_outcomes_are_declared() -> None:
    assert outcome_text("adopted") == "Households that have adopted"
    assert outcome_text("newcomer_gap") == "Local-newcomer gap"
    assert outcome_text("adopted", ", less nothing", difference=True) == (
        "Households that have adopted, less nothing (percentage points)"
    )
    assert outcome_text("trust") == "Mean trust (0 to 1)"
    assert outcome_text("effort") == "Organisers' effort"
    assert outcome_text("yuan_kept") == "Yuan kept"


def test_a_font_installed_after_the_list_was_made_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list that Matplotlib keeps has no Chinese font; the system has one."""
    if fonts.cjk_font() is None:
        pytest.skip("no Chinese font is installed")
    chinese = {entry.fname for entry in font_manager.fontManager.ttflist if entry.name in fonts.CJK}
    listed = [entry for entry in font_manager.fontManager.ttflist if entry.fname not in chinese]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", listed)
    fonts._first_installed.cache_clear()
    fonts._add_new_fonts.cache_clear()
    assert fonts.cjk_font() in fonts.CJK
    fonts._first_installed.cache_clear()


def test_characters_without_a_font_are_noted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fonts, "MISSING", set())
    output = Output("plot")
    assert safe("村 and 庄", ["DejaVu Sans"]) == "□ and □"
    output.finish()
    told = capsys.readouterr().err
    assert told == "no installed font has these characters, so a □ stands for them in pictures: 庄村\n"
    Output("results list").finish()  # another command of this process
    assert capsys.readouterr().err == ""
