"""Responses: the table's figures against hand-made values, differences draw by draw, and a run of the model."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.response import Response, Variant, respond
from sim.base.errors import InputError
from sim.figures.response import response_lines
from sim.scenario import load_scenario
from sim.uncertainty.draw_table import DrawTable

SMALL = {"village.households": 60, "village.party_members": 6, "village.volunteers": 2}


def made() -> Response:
    """Two series at x = 1 and 2 over three draws with two equal replicates; the second lacks its outcome in one draw."""
    scenario = load_scenario("baseline")
    variants = tuple(Variant(series, x, scenario) for series in ("a", "b") for x in (1.0, 2.0))
    values = np.array([[0.1, 0.2, 0.3, 0.6], [0.2, 0.4, 0.3, 0.6], [0.3, 0.9, 0.3, np.nan]])
    return Response(variants, ("adopted",), np.stack([values, values], axis=1)[..., None])


def test_the_table_has_means_and_intervals_over_draws() -> None:
    table = made().table().set_index(["series", "x"])
    assert table.loc[("a", 2.0), "mean"] == pytest.approx(0.5)
    # Luck adds nothing here: Student's quantile for 2 is 4.303, the standard error 0.1 / sqrt(3).
    assert table.loc[("a", 1.0), ["low", "high"]].tolist() == pytest.approx([0.2 - 0.2484, 0.2 + 0.2484], abs=1e-4)
    assert np.isnan(table.loc[("a", 1.0), "q05"]), "three draws have no percentiles"
    assert table.loc[("b", 1.0), "mean"] == pytest.approx(0.3) and np.isnan(table.loc[("b", 1.0), "low"])
    assert table.loc[("b", 2.0), "draws"] == 2


def test_differences_are_taken_within_a_draw_and_only_where_both_are_known() -> None:
    table = made().differences("b", "a").set_index("x")
    assert table.loc[1.0, "mean"] == pytest.approx(0.1)
    assert table.loc[2.0, "mean"] == pytest.approx(0.3) and table.loc[2.0, "draws"] == 2
    assert set(table["series"]) == {"b less a"}
    assert set(table["verdict"]) == {"too few draws to tell"}


def test_a_series_against_itself_at_one_setting() -> None:
    table = made().against("a", 1.0)
    assert table["x"].tolist() == [2.0]
    assert table["mean"].tolist() == pytest.approx([0.3])


def test_the_share_of_draws_that_reach_a_level_and_the_least_setting_that_does() -> None:
    table = made().tipped("adopted", 0.4).set_index(["series", "x"])
    assert table.loc[("a", 2.0), "share"] == pytest.approx(2 / 3)
    # Wilson's interval for 2 of 3, by hand: (p + z^2/2n -+ z sqrt(p q / n + z^2 / 4 n^2)) / (1 + z^2 / n).
    assert table.loc[("a", 2.0), ["low", "high"]].tolist() == pytest.approx([0.2077, 0.9385], abs=2e-4)
    assert made().least("a", "adopted", 0.4) == 2.0
    assert np.isnan(made().least("a", "adopted", 0.95))
    with pytest.raises(InputError, match="no response called 'c'"):
        made().least("c", "adopted", 0.4)


def test_a_response_of_the_model_is_that_of_its_single_runs() -> None:
    scenario = load_scenario("baseline", [SMALL])
    draws = DrawTable("two", ("household.predisposition",), np.array([5, 9]), np.array([[-2.0], [2.0]]))
    found = respond([Variant("none", 0.0, scenario)], draws, ["adopted"], replicates=2, seed=3, weeks=20)
    assert found.values.shape == (2, 2, 1, 1)
    assert found.means[0, 0, 0] < 0.3 < 0.7 < found.means[1, 0, 0]
    again = respond([Variant("none", 0.0, scenario)], draws.head(1), ["adopted"], replicates=2, seed=3, weeks=20)
    assert again.means[0, 0, 0] == found.means[0, 0, 0]


def test_the_figure_has_a_panel_an_outcome_and_a_line_a_series() -> None:
    figure = response_lines(made().table(), ["adopted"], "Setting")
    (axes,) = figure.axes
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b"]
    assert len(axes.collections) >= 2 and axes.get_xlabel() == "Setting"
    with pytest.raises(ValueError, match="no outcome 'clean'"):
        response_lines(made().table(), ["clean"], "Setting")


def test_the_title_claims_no_difference_that_the_intervals_leave_open() -> None:
    table = made().table().query("series == 'a'").assign(mean=0.02, low=-0.01, high=0.05)
    (title, *_) = (
        text.get_text() for text in response_lines(table, ["adopted"], "Setting", less="nothing").texts[::-1]
    )
    assert (
        " ".join(title.split()) == "Households that have adopted, less nothing: no difference can be told from chance"
    )
