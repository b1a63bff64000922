"""Paired comparison: differences, intervals, verdicts and interaction, on tables made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from sim.analysis.comparable import OTHER_SIZE, notes
from sim.analysis.compare import NEVER, ONE_NEVER, Comparison, beside_none, compare, label
from sim.analysis.intervals import SAME, interval
from sim.base.errors import InputError
from sim.engine.outcomes import EFFECTS, GROUPS, TOTALS, WEEKLY, Columns
from sim.report.comparison import titles_of
from sim.report.effects import effects_text
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
    # Student's quantile for 2 is 4.303, the standard error 0.1 / sqrt(3).
    assert effect["low"] == pytest.approx(0.2 - 0.2484, abs=1e-4)
    assert effect["high"] == pytest.approx(0.2 + 0.2484, abs=1e-4)
    assert effect["verdict"] == "too few pairs to tell"
    assert effect["pairs"] == 3
    assert (effect["reference"], effect["unit"]) == ("a", "share")


def test_pairs_are_matched_by_replicate_not_by_place() -> None:
    """Replicate 1 failed in a and 2 in b: their pairs are left out."""
    found = comparison({"a": table([0, 2, 3], adopted=[0.1, 0.2, 0.3]), "b": table([0, 1, 3], adopted=[0.2, 9.0, 0.5])})
    here, there = found.paired("adopted", "b", "a")
    assert here.tolist() == [0.2, 0.5]
    assert there.tolist() == [0.1, 0.3]
    assert row(found.effects, scenario="b", outcome="adopted")["pairs"] == 2


def test_what_never_happens_is_no_number() -> None:
    """a reaches half in weeks 1 and 3 of runs of 3 weeks, b in one; weeks waited within the run are 3, 3, 2 less 1, 3, 3."""
    nan = float("nan")
    found = comparison({
        "a": table([0, 1, 2], weeks_to_half=[1, nan, 3]), "b": table([0, 1, 2], weeks_to_half=[nan, nan, 2]),
        "c": table([0, 1, 2], weeks_to_half=[nan] * 3),
    })  # fmt: skip
    effect = row(found.effects, scenario="b", outcome="weeks_to_half")
    assert (effect["reference_defined"], effect["defined"], effect["runs"]) == (2, 1, 3)
    assert (effect["reference_mean"], effect["mean"]) == (pytest.approx(7 / 3), pytest.approx(8 / 3))
    assert effect["difference"] == pytest.approx(1 / 3)
    never = row(found.effects, scenario="c", outcome="weeks_to_half")
    assert (never["reference_mean"], never["defined"]) == (pytest.approx(7 / 3), 0)
    assert np.isnan([never["mean"], never["difference"], never["low"], never["high"]]).all()
    assert never["verdict"] == ONE_NEVER
    neither = comparison({name: table([0, 1], weeks_to_half=[nan, nan]) for name in "ab"})
    told = row(neither.effects, scenario="b", outcome="weeks_to_half")
    assert np.isnan([told["reference_mean"], told["mean"], told["difference"]]).all() and told["verdict"] == NEVER
    text = effects_text(neither.effects, ["weeks_to_half"])
    assert "reached in" in text and text.count("0 of 2") == 2 and "3.0" not in text


def test_what_is_undefined_in_some_runs_is_left_out_on_both_sides_and_counted() -> None:
    nan = float("nan")
    found = comparison({
        "a": table([0, 1, 2], yuan_per_adopted=[1, nan, 3]), "b": table([0, 1, 2], yuan_per_adopted=[2, 9, 2]),
        "c": table([0, 1, 2], yuan_per_adopted=[5, 5, nan]),
    })  # fmt: skip
    assert [values.tolist() for values in found.paired("yuan_per_adopted", "b", "a")] == [[2, 2], [1, 3]]
    effect = row(found.effects, scenario="b", outcome="yuan_per_adopted")
    assert (effect["reference_mean"], effect["mean"], effect["pairs"]) == (2, 2, 2)
    assert (effect["reference_defined"], effect["defined"], effect["runs"]) == (2, 3, 3)
    other = row(found.effects, scenario="c", outcome="yuan_per_adopted")
    assert (other["reference_mean"], other["mean"], other["difference"]) == (1, 5, 4)
    lines = effects_text(found.effects, ["yuan_per_adopted"]).splitlines()
    assert lines[1].split()[:5] == ["defined", "in", "mean", "reference", "difference"]
    assert "3 of 3" in lines[3] and "2 of 3" in lines[4]


def over_draws(adopted: npt.ArrayLike) -> Columns:
    """Return a table of runs over draws, adopted by (draw, replicate)."""
    values = np.asarray(adopted, float)
    draws, replicates = values.shape
    columns = table(list(range(replicates)) * draws, adopted=values.ravel())
    return {"draw": np.repeat(np.arange(draws), replicates), **columns}


def test_over_draws_luck_and_draws_are_told_apart() -> None:
    """Draws add 1, 2, ... 40; luck adds -3, 0 or 3 in all of them: the percentiles are those of the draws alone."""
    draws, luck = np.arange(1.0, 41.0)[:, None], np.array([[-3.0, 0.0, 3.0]])
    tables = {"a": over_draws(np.zeros((40, 3))), "b": over_draws(draws + luck)}
    effect = row(comparison(tables).effects, scenario="b", outcome="adopted")
    assert effect["difference"] == pytest.approx(20.5)
    assert (effect["pairs"], effect["replicates"], effect["runs"]) == (40, 3, 120)
    assert effect["spread_low"] == pytest.approx(np.quantile(draws, 0.05))
    assert effect["spread_high"] == pytest.approx(np.quantile(draws, 0.95))
    # Draws: 2.023 * 11.69 / sqrt(40) = 3.74; luck: 4.303 * 3 / sqrt(3) = 7.45; together the root of their squares.
    assert effect["high"] - 20.5 == pytest.approx((3.74**2 + 7.45**2) ** 0.5, abs=0.01)
    assert (effect["same_sign"], effect["verdict"]) == (1.0, "more")
    text = effects_text(comparison(tables).effects, ["adopted"])
    assert "5th to 95th of draws" in text and "95 % of the mean" in text and "100%" in text


def test_one_draw_tells_nothing_of_draws() -> None:
    found = comparison({"a": over_draws(np.zeros((1, 20))), "b": over_draws(np.full((1, 20), 0.3))})
    effect = row(found.effects, scenario="b", outcome="adopted")
    assert effect["verdict"] == "too few draws to tell" and np.isnan(effect["low"])


def test_a_draw_with_a_run_missing_is_left_out() -> None:
    b = over_draws([[1, 2], [3, 4], [5, 6]])
    short = {key: np.delete(values, 2, axis=0) for key, values in b.items()}
    here, there = comparison({"a": over_draws(np.zeros((3, 2))), "b": short}).paired("adopted", "b", "a")
    assert here.tolist() == [[1, 2], [5, 6]] and there.shape == (2, 2)


def test_other_villages_are_told_and_their_sums_not_compared() -> None:
    larger = load_scenario("baseline", {**SMALL, "village.households": 90})
    tables = {"a": table([0, 1], adopted=[0.1, 0.2], yuan=[1, 2]), "b": table([0, 1], adopted=[0.3, 0.3], yuan=[9, 9])}
    found = comparison(tables, {"a": scenario(), "b": larger})
    assert row(found.effects, scenario="b", outcome="adopted")["difference"] == pytest.approx(0.15)
    money = row(found.effects, scenario="b", outcome="yuan")
    assert money["verdict"] == OTHER_SIZE and np.isnan(money["difference"]) and money["mean"] == 9
    (line,) = notes(found.scenarios, WEEKS)
    assert "village.households 90, not 60" in line and "not people" in line


def test_other_lengths_and_other_people_are_told() -> None:
    long = load_scenario("baseline", [SMALL, {"weeks": 30}])
    weak = load_scenario("baseline", [SMALL, {"household.persuasion": 0}])
    short = load_scenario("baseline", [SMALL, {"weeks": 20}])
    first, second = notes({"short": short, "long": long}, 30), notes({"a": scenario("donation"), "b": weak}, WEEKS)
    assert first == ["all run for 30 weeks, though short has 20"]
    assert len(second) == 1 and "household.persuasion 0" in second[0] and "people" not in second[0]
    assert notes({"a": scenario(), "b": scenario("donation")}, WEEKS) == []
    town = notes({"a": scenario(), "town": load_scenario("town")}, WEEKS)
    assert "villages 32 with" in town[0] and len(town[0]) < 300


def test_interaction_is_both_less_the_parts() -> None:
    """(AB - 0) - (A - 0) - (B - 0): by hand 0.1 and 0.3, mean 0.2, and Student's quantile for 1 is 12.706."""
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
    assert (both["low"], both["high"]) == (pytest.approx(0.2 - 1.2706, abs=1e-4), pytest.approx(0.2 + 1.2706, abs=1e-4))
    assert both["verdict"] == "too few pairs to tell"
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
    """400 differences with mean 1 and standard deviation 2, exactly: 1 +- 1.966 * 2 / 20, Student's quantile for 399; what a
    normal sample's skewness adds at one end is less than 8 % of that."""
    values = np.random.default_rng(1).normal(size=400)
    values = 1 + 2 * (values - values.mean()) / values.std(ddof=1)
    found = interval(values)
    assert found["difference"] == pytest.approx(1.0)
    assert found["low"] == pytest.approx(1 - 0.1966, abs=0.016)
    assert found["high"] == pytest.approx(1 + 0.1966, abs=0.016)
    assert found["spread_low"] == pytest.approx(np.quantile(values, 0.05))
    assert found["spread_high"] == pytest.approx(np.quantile(values, 0.95))
    assert found["same_sign"] == (values > 0).mean()
    assert found["verdict"] == "more"
    assert interval(-values)["verdict"] == "less"
    assert interval(values - 1)["verdict"] == "not distinguishable"


@pytest.mark.parametrize(
    ("values", "pairs", "verdict"),
    [([], 0, "undefined"), ([0.5], 1, "too few pairs to tell"), ([0.25] * 9, 9, "too few pairs to tell"),
     ([0.25] * 20, 20, "more in every pair"), ([-0.25] * 20, 20, "less in every pair"), ([0.0] * 5, 5, SAME)],
)  # fmt: skip
def test_differences_that_are_alike_have_no_interval(values: list[float], pairs: int, verdict: str) -> None:
    found = interval(np.array(values))
    assert np.isnan([found["low"], found["high"], found["p"]]).all()
    assert (found["pairs"], found["verdict"]) == (pairs, verdict)


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
    assert (defined["verdict"] == SAME).all()


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
