"""Paired comparison: differences, intervals, verdicts and interaction, on tables made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from sim.analysis.compare import Comparison, beside_none, compare, label
from sim.analysis.intervals import interval
from sim.base.errors import InputError
from sim.engine.outcomes import EFFECTS, GROUPS, TOTALS, WEEKLY, Columns
from sim.report.comparison import titles_of
from sim.runs import Failure
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 60, "village.party_members": 6, "village.volunteers": 2}
WEEKS = 3


def scenario(*kinds: str) -> Scenario:
    return load_scenario("baseline", [SMALL, {"interventions": [{"kind": kind} for kind in kinds]}])


def table(replicates: list[int], **values: npt.ArrayLike) -> Columns:
    """Return a batch's table with these outcomes, others 0."""
    n = len(replicates)
    columns: Columns = {"replicate": np.array(replicates)}
    columns |= {o.name: np.array(values.get(o.name, np.zeros(n)), float) for o in TOTALS}
    columns |= {f"weekly.{o.name}": np.zeros((n, WEEKS, len(GROUPS)) if o.by_group else (n, WEEKS)) for o in WEEKLY}
    return columns


def comparison(tables: dict[str, Columns], scenarios: dict[str, Scenario] | None = None) -> Comparison:
    named = scenarios or {name: scenario() for name in tables}
    return Comparison(named, 1, WEEKS, 10, tables, [])


def row(frame: Any, **where: str) -> dict[str, Any]:
    for key, value in where.items():
        frame = frame[frame[key] == value]
    (found,) = frame.to_dict("records")
    return dict(found)


def test_differences_are_taken_pair_by_pair() -> None:
    """Run by run 0.1, 0.2, 0.3; unpaired the two means would say the same but the interval would be wide."""
    found = comparison({"a": table([0, 1, 2], adopted=[0.2, 0.5, 0.8]), "b": table([0, 1, 2], adopted=[0.3, 0.7, 1.1])})
    effect = row(found.effects, scenario="b", outcome="adopted")
    assert effect["difference"] == pytest.approx(0.2)
    assert effect["reference_mean"] == pytest.approx(0.5)
    assert effect["mean"] == pytest.approx(0.7)
    assert effect["low"] == pytest.approx(0.1)  # means of three of 0.1, 0.2, 0.3 drawn again
    assert effect["high"] == pytest.approx(0.3)
    assert effect["verdict"] == "more"
    assert effect["pairs"] == 3
    assert (effect["reference"], effect["unit"]) == ("a", "share")


def test_pairs_are_matched_by_replicate_not_by_place() -> None:
    """Replicate 1 failed in a and 2 in b: their pairs are left out."""
    found = comparison({"a": table([0, 2, 3], adopted=[0.1, 0.2, 0.3]), "b": table([0, 1, 3], adopted=[0.2, 9.0, 0.5])})
    here, there = found.paired("adopted", "b", "a")
    assert here.tolist() == [0.2, 0.5]
    assert there.tolist() == [0.1, 0.3]
    assert row(found.effects, scenario="b", outcome="adopted")["pairs"] == 2


def test_never_reaching_half_counts_as_the_whole_run_and_other_gaps_drop_the_pair() -> None:
    nan = float("nan")
    found = comparison({
        "a": table([0, 1, 2], weeks_to_half=[1, nan, 3], yuan_per_adopted=[1, nan, 3]),
        "b": table([0, 1, 2], weeks_to_half=[nan, nan, 2], yuan_per_adopted=[2, 2, 2]),
    })  # fmt: skip
    assert [values.tolist() for values in found.paired("weeks_to_half", "b", "a")] == [[3, 3, 2], [1, 3, 3]]
    assert [values.tolist() for values in found.paired("yuan_per_adopted", "b", "a")] == [[2, 2], [1, 3]]


def test_interaction_is_both_less_the_parts() -> None:
    """(AB - 0) - (A - 0) - (B - 0): by hand 0.1 and 0.3, mean 0.2, in both replicates more than the sum of the parts."""
    scenarios = {
        "zero": scenario(), "a": scenario("household_contact"), "b": scenario("donation"),
        "ab": scenario("household_contact", "donation"),
    }  # fmt: skip
    found = comparison({
        "zero": table([0, 1], adopted=[0.1, 0.2]), "a": table([0, 1], adopted=[0.2, 0.2]),
        "b": table([0, 1], adopted=[0.3, 0.4]), "ab": table([0, 1], adopted=[0.5, 0.7]),
    }, scenarios)  # fmt: skip
    assert found.factorials() == [("a", "b", "ab")]
    both = row(found.interaction, outcome="adopted")
    assert both["sum_of_parts"] == pytest.approx(0.25)
    assert both["effect_together"] == pytest.approx(0.45)
    assert both["difference"] == pytest.approx(0.2)
    assert (both["low"], both["high"]) == (pytest.approx(0.1), pytest.approx(0.3))
    assert both["verdict"] == "more"
    assert (both["first"], both["second"], both["together"]) == ("a", "b", "ab")


@pytest.mark.parametrize(
    "kinds",
    [(("household_contact",), ("donation",), ("household_contact", "role_model")),  # not the two together
     (("household_contact",), ("household_contact",), ("household_contact",)),  # the same intervention twice
     ((), ("donation",), ("donation",))],  # a part that is no intervention
)  # fmt: skip
def test_without_a_factorial_there_is_no_interaction(kinds: tuple[tuple[str, ...], ...]) -> None:
    scenarios = {"zero": scenario()} | {f"s{k}": scenario(*interventions) for k, interventions in enumerate(kinds)}
    found = comparison({name: table([0, 1]) for name in scenarios}, scenarios)
    assert found.factorials() == []
    assert found.interaction.empty


def test_an_interval_of_known_data() -> None:
    """400 differences with mean 1 and standard deviation 2, exactly: the bootstrap's interval is that of the normal,
    1 +- 1.96 * 2 / 20, to 4999 resamples' error: 2 % of the half width is 1 standard error of an end, 8 % four.
    """
    values = np.random.default_rng(1).normal(size=400)
    values = 1 + 2 * (values - values.mean()) / values.std()
    found = interval(values, 5)
    assert found["difference"] == pytest.approx(1.0)
    assert found["low"] == pytest.approx(1 - 0.196, abs=0.016)
    assert found["high"] == pytest.approx(1 + 0.196, abs=0.016)
    assert found["spread_low"] == pytest.approx(np.quantile(values, 0.05))
    assert found["spread_high"] == pytest.approx(np.quantile(values, 0.95))
    assert found["verdict"] == "more"
    assert interval(values, 5) == found
    less = interval(-values, 5)
    assert less["verdict"] == "less"
    assert interval(values - 1, 5)["verdict"] == "not distinguishable"


def test_intervals_cover_as_often_as_they_say() -> None:
    """300 samples of 40 normal differences: 95 % intervals cover the true mean in 92 to 96 % of them (percentile
    bootstrap of 40 covers 93.8 %, so 281 +- 4.2); outside 265 to 296 is 4 standard errors. A 90 % interval covers 268
    less its own loss, some 264, and fails half the time; a 99 % one fails always."""
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(300):
        found = interval(rng.normal(0.5, 1.0, 40), 3)
        covered += found["low"] <= 0.5 <= found["high"]
    assert 265 <= covered <= 296


@pytest.mark.parametrize(
    ("values", "low", "high", "pairs", "verdict"),
    [([], np.nan, np.nan, 0, "undefined"), ([0.5], 0.5, 0.5, 1, "more"), ([0.25] * 9, 0.25, 0.25, 9, "more"),
     ([-0.25] * 9, -0.25, -0.25, 9, "less")],
)  # fmt: skip
def test_intervals_of_nothing_one_and_the_same(
    values: list[float], low: float, high: float, pairs: int, verdict: str
) -> None:
    found = interval(np.array(values), 0)
    assert np.array_equal([found["low"], found["high"]], [low, high], equal_nan=True)
    assert (found["pairs"], found["verdict"]) == (pairs, verdict)


def test_no_difference_at_all_is_no_effect() -> None:
    assert interval(np.zeros(20), 0)["verdict"] not in ("more", "less", "undefined")


def test_curves_are_means_and_quantiles_over_replicates() -> None:
    one = table([0, 1, 2])
    one["weekly.adopted"] = np.zeros((3, WEEKS, len(GROUPS)))
    one["weekly.adopted"][:, 1, 0] = [0.1, 0.2, 0.6]
    found = comparison({"a": one, "b": table([0, 1, 2])})
    curve = found.curves[(found.curves["scenario"] == "a") & (found.curves["group"] == "all")]
    at = curve[(curve["outcome"] == "adopted") & (curve["week"] == 1)].to_dict("records")
    assert len(at) == 1
    assert at[0]["mean"] == pytest.approx(0.3)
    assert at[0]["q50"] == pytest.approx(0.2)
    assert at[0]["q05"] == pytest.approx(0.11)
    assert at[0]["q95"] == pytest.approx(0.56)
    assert at[0]["replicates"] == 3


def test_every_compared_outcome_has_a_row_and_every_outcome_can_have_one() -> None:
    found = compare({"a": scenario(), "b": scenario("role_model")}, 4, weeks=5)
    assert found.effects["outcome"].tolist() == list(EFFECTS)
    assert len(found.totals) == 8
    every = found.effects_on([outcome.name for outcome in TOTALS])
    assert every["outcome"].tolist() == [outcome.name for outcome in TOTALS]
    both = every.set_index("outcome").loc[list(EFFECTS)].reset_index()[list(found.effects)]
    pd.testing.assert_frame_equal(both, found.effects, check_exact=True)


def test_a_scenario_compared_with_itself_differs_by_exactly_nothing() -> None:
    """Common random numbers: same seed, same replicate, same run."""
    found = compare({"a": scenario("donation"), "b": scenario("donation")}, 5, weeks=10)
    defined = found.effects[found.effects["pairs"] > 0]
    assert len(defined) >= 10
    assert (defined["difference"] == 0).all()
    assert (defined["low"] == 0).all()
    assert (defined["high"] == 0).all()


def test_failures_are_kept_and_their_pairs_left_out() -> None:
    failure = Failure("b", 1, 2, "ValueError: x")
    found = Comparison({"a": scenario(), "b": scenario()}, 1, WEEKS, 3, {
        "a": table([0, 1, 2], adopted=[0, 0, 0]), "b": table([0, 1], adopted=[1, 1])}, [failure])  # fmt: skip
    assert row(found.effects, scenario="b", outcome="adopted")["pairs"] == 2
    assert "replicate 2" in str(found.failures[0])


@pytest.mark.parametrize(
    ("scenarios", "replicates", "weeks", "told"),
    [(["baseline"], 5, 4, "at least two"), (["baseline", "donation"], 1, 4, "at least 2 replicates"),
     (["baseline", "donation"], 5, 0, "weeks"), (["baseline", "baseline"], 5, 4, "two scenarios are called 'baseline'"),
     (["baseline", "donatoin"], 5, 4, "did you mean 'donation'")],
)  # fmt: skip
def test_what_can_t_be_compared_is_told_in_a_line(scenarios: list[str], replicates: int, weeks: int, told: str) -> None:
    with pytest.raises(InputError) as error:
        compare(scenarios, replicates, weeks=weeks)
    assert told in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_labels_are_names_stems_and_titles(tmp_path: Any) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: Something of mine\n", encoding="utf-8")
    assert list(label(["baseline", path, scenario("donation")])) == ["baseline", "mine", scenario().title]


def test_pictures_call_scenarios_by_titles_only_where_these_tell_them_apart() -> None:
    """A place and the same without its programme have one title."""
    place = scenario("donation")
    other = place.model_copy(update={"title": "Something else"})
    named = {**beside_none({"place": place}), "other": other}
    assert titles_of(named) == {
        "place without programme": "place without programme", "place": "place", "other": "Something else"
    }  # fmt: skip
