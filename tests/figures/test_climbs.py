"""Climbs by tipping term, and which terms carried a difference."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from figure_reading import bars_of, words_of
from figure_tables import LABELS, SCENARIOS, TERMS, climbs_table, differences_table
from matplotlib.colors import to_hex

from sim.figures import DOUBLE, attribution, climbs_by_term
from sim.figures.climbs import COLOURS
from sim.figures.colour import PALETTE, lightness


def test_climbs_stack_up_to_their_total() -> None:
    table = climbs_table()
    figure = climbs_by_term(table)
    axes = figure.axes[0]
    totals = table.groupby("scenario")["climbs"].sum()
    assert len(axes.patches) == len(SCENARIOS) * len(TERMS)
    assert np.isclose(axes.get_xlim()[1], totals.max())
    words = words_of(figure)
    assert all(f"{total:,.0f}" in words for total in totals)
    assert all(term in words for term in TERMS)
    assert all(abs(lightness(a) - lightness(b)) >= 5 for a, b in pairwise(COLOURS))


def test_shares_of_climbs_end_at_one() -> None:
    assert climbs_by_term(climbs_table(), share=True).axes[0].get_xlim() == (0, 1)


def test_terms_too_small_to_be_seen_are_named_at_the_foot() -> None:
    table = climbs_table()
    table.loc[table["term"].isin(("kin", "trust")), "climbs"] = 0.3
    figure = climbs_by_term(table)
    (legend,) = figure.legends
    shown = [text.get_text() for text in legend.get_texts()]
    assert "kin" not in shown and len(shown) == len(TERMS) - 2
    assert "Below 1 % of the longest bar: kin, trust." in words_of(figure)


def test_worlds_of_other_sizes_are_compared_by_household() -> None:
    table = climbs_table().query("scenario in ('baseline', 'donation')").assign(climbs=100.0)
    figure = climbs_by_term(table, households={"baseline": 500, "donation": 1000})
    assert figure.axes[0].get_xlim()[1] == 100.0 * len(TERMS) / 500
    assert "Climbs in a run per household" in words_of(figure) and "1.00" in words_of(figure)
    alike = climbs_by_term(table, households={"baseline": 500, "donation": 500})
    assert "per household" not in words_of(alike)


def test_no_climbs_at_all_are_drawn() -> None:
    table = climbs_table()
    table["climbs"] = 0.0
    assert "predisposition" in words_of(climbs_by_term(table, share=True))


def test_attribution_has_a_panel_a_scenario_and_the_largest_term_at_the_top() -> None:
    table = differences_table()
    figure = attribution(table, LABELS, width=DOUBLE)
    panels = [axes for axes in figure.axes if axes.axison]
    shown = ["predisposition", "neighbours", "kin", "surroundings", "trust", "help", "persuasion", "several"]
    assert len(panels) == len(SCENARIOS) - 1
    for axes, scenario in zip(panels, SCENARIOS[1:], strict=True):
        rows = table[(table["scenario"] == scenario) & (table["flow"] == "climbs")].set_index("term")
        assert [bar.get_width() for bar in bars_of(axes)] == rows.loc[shown, "difference"].tolist()
        lines = [np.asarray(line.get_xdata()).tolist() for line in axes.lines if line.get_marker() == "|"]
        assert lines == rows.loc[shown, ["low", "high"]].to_numpy().tolist()
        assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first row is at the top"
        assert axes.get_xlim() == panels[0].get_xlim()
    words = words_of(figure)
    for said in (
        "predisposition alone",
        "several together",
        "+400 slips",
        "less those of the reference (No programme)",
    ):
        assert said in words
    assert "Below 1 % of the longest bar: giving, awards." in words


def test_only_terms_that_are_not_distinguishable_are_hollow() -> None:
    axes = attribution(differences_table()).axes[0]
    hollow = [to_hex(bar.get_facecolor()) == "#ffffff" for bar in bars_of(axes)]
    assert hollow == [False, False, True, False, False, False, False, False]
    assert lightness(PALETTE[5]) < 75, "stands out from white in grey, and black lines from it"


def test_attribution_without_any_difference_shows_all_terms() -> None:
    table = differences_table()
    table[["difference", "low", "high"]] = 0.0
    table["verdict"] = "the same"
    figure = attribution(table, width=DOUBLE)
    assert len(bars_of(figure.axes[0])) == len(TERMS)
    assert "0 climbs, 0 slips" in words_of(figure)


def test_attribution_without_pairs_says_so() -> None:
    table = differences_table()
    table[["difference", "low", "high"]] = np.nan
    table["verdict"] = "undefined"
    assert "undefined climbs, undefined slips" in words_of(attribution(table, width=DOUBLE))


def test_a_term_of_a_name_unknown_to_the_figure_is_drawn_by_it() -> None:
    table = differences_table().replace({"term": {"kin": "a_new_term"}})
    assert "a new term" in words_of(attribution(table))
