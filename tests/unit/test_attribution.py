"""Attribution: climbs by tipping term and what carried the difference, on tables made by hand and on small runs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from sim.analysis import attribution as module
from sim.analysis.attribution import Attribution, by_term
from sim.analysis.comparable import OTHER_SIZE
from sim.analysis.compare import Comparison, compare
from sim.analysis.intervals import SAME
from sim.engine.outcomes import TOTALS, Columns
from sim.engine.terms import TERMS as DECLARED
from sim.engine.world.columns import RUNGS
from sim.figures import attribution as draw
from sim.report.comparison import save_comparison
from sim.report.keeping import Report
from sim.report.text_tables import attribution_text, carried_text
from sim.results import read_parquet
from sim.runs import weekly_of
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 120, "village.party_members": 12, "village.volunteers": 2}
WEEKS = 3
RUNS = list(range(20))
TERMS = tuple(DECLARED)
A, B, C = TERMS[1:4]


@cache
def scenario(*kinds: str) -> Scenario:
    return load_scenario("baseline", [SMALL, {"interventions": [{"kind": kind} for kind in kinds]}])


def table(replicates: list[int], slips: npt.ArrayLike = 0.0, **climbs: list[list[float]]) -> Columns:
    """Return a batch's table with these climbs by term, run and week."""
    n = len(replicates)
    columns: Columns = {"replicate": np.array(replicates)}
    columns |= {o.name: np.zeros(n) for o in TOTALS}
    for term in dict.fromkeys([*TERMS, *climbs]):
        weekly = np.array(climbs.get(term, np.zeros((n, WEEKS))), np.float64)
        columns[f"weekly.climbs_{term}"] = weekly
        columns["climbs"] = np.asarray(columns["climbs"] + weekly.sum(axis=1))
    columns["slips"] = np.zeros(n) + slips
    return columns


def once(*sums: float) -> list[list[float]]:
    """Return runs whose climbs all fall into their second week."""
    return [[0, x, 0] for x in sums]


def attribution(**tables: Columns) -> Attribution:
    return Attribution(Comparison({name: scenario() for name in tables}, 1, WEEKS, 10, tables, []))


def row(frame: pd.DataFrame, **where: str) -> dict[str, Any]:
    for key, value in where.items():
        frame = frame[frame[key] == value]
    (found,) = frame.to_dict("records")
    return {str(key): value for key, value in found.items()}


@cache
def real() -> Comparison:
    """Return 4 pairs of small runs."""
    return compare({"none": scenario(), "veterans": scenario("role_model")}, 4, weeks=30, jobs=1)


# By hand.


def test_climbs_are_summed_over_weeks_and_averaged_over_runs() -> None:
    """A tips 2, 2 and 3 climbs and B always 4: of 19 climbs in all, A has 7. Its interval is 4.303 (Student's quantile for 2)
    times 0.577 / sqrt(3) on both sides; what is always the same has none."""
    found = attribution(zero=table([0, 1, 2], **{A: [[1, 1, 0], [2, 0, 0], [0, 0, 3]], B: once(4, 4, 4)})).climbs
    assert found["term"].tolist() == list(TERMS)
    assert row(found, term=A) == {
        "scenario": "zero", "term": A, "climbs": pytest.approx(7 / 3), "low": pytest.approx(7 / 3 - 1.4342, abs=1e-4),
        "high": pytest.approx(7 / 3 + 1.4342, abs=1e-4), "runs": 3, "share": pytest.approx(7 / 19),
    }  # fmt: skip
    constant = row(found, term=B)
    assert constant["climbs"] == 4 and np.isnan([constant["low"], constant["high"]]).all()
    assert row(found, term=C)["share"] == 0
    assert found["share"].sum() == pytest.approx(1)


def test_nobody_climbing_has_no_shares() -> None:
    found = attribution(zero=table([0, 1])).climbs
    assert (found["climbs"] == 0).all()
    assert found["share"].isna().all()


def test_differences_are_taken_pair_by_pair_and_shared_out() -> None:
    """A differs by 3, 4 and 5, B by -1, 0 and -2, all climbs by 2, 4 and 3, seven times each: shares 4/3 and -1/3. All have
    intervals of 2.086 (Student's quantile for 20) times 0.837 / sqrt(21) on both sides."""
    runs = list(range(21))
    found = attribution(
        zero=table(runs, [1, 2, 3] * 7, **{A: once(*[2, 2, 3] * 7), B: once(*[4] * 21)}),
        one=table(runs, [3] * 21, **{A: once(*[5, 6, 8] * 7), B: once(*[3, 4, 2] * 7)}),
    ).differences
    first = row(found, flow="climbs", term=A)
    assert (first["scenario"], first["reference"], first["pairs"]) == ("one", "zero", 21)
    assert (first["reference_mean"], first["mean"]) == (pytest.approx(7 / 3), pytest.approx(19 / 3))
    assert [first[key] for key in ("difference", "low", "high")] == pytest.approx([4, 4 - 0.3808, 4 + 0.3808], abs=1e-4)
    assert (first["verdict"], first["share"]) == ("more", pytest.approx(4 / 3))
    second = row(found, flow="climbs", term=B)
    assert [second[key] for key in ("difference", "low", "high")] == pytest.approx([-1, -1.3808, -0.6192], abs=1e-4)
    assert (second["verdict"], second["share"]) == ("less", pytest.approx(-1 / 3))
    everything = row(found, flow="climbs", term="all")
    assert [everything[key] for key in ("difference", "low", "high")] == pytest.approx([3, 2.6192, 3.3808], abs=1e-4)
    assert everything["share"] == pytest.approx(1)
    slips = row(found, flow="slips")
    assert [slips[key] for key in ("reference_mean", "mean", "difference")] == pytest.approx([2, 3, 1])
    assert np.isnan(slips["share"])


def test_the_largest_difference_is_first_whatever_its_sign() -> None:
    found = attribution(
        zero=table(RUNS, **{B: once(*[9] * 20)}), one=table(RUNS, **{A: once(*[2] * 20), C: once(*[1] * 20)})
    ).differences  # fmt: skip
    rest = [term for term in TERMS if term not in (A, B, C)]
    assert found["term"].tolist() == [B, A, C, *rest, "all", "all"]
    assert found["flow"].tolist() == ["climbs"] * (len(TERMS) + 1) + ["slips"]
    assert row(found, term=B)["share"] == pytest.approx(9 / 6)


def test_a_difference_that_may_be_nothing_has_no_shares() -> None:
    """All climbs differ by -1 or 1: the parts of that are noise, however sure the terms' own differences."""
    found = attribution(
        zero=table(RUNS, **{B: once(*[5] * 20)}), one=table(RUNS, **{A: once(*[4, 6] * 10)})
    ).differences  # fmt: skip
    assert row(found, flow="climbs", term="all")["verdict"] == "not distinguishable"
    assert row(found, term=A)["verdict"] == "more"
    assert found["share"].isna().all()


def test_pairs_are_matched_by_replicate_and_each_scenario_keeps_all_its_runs() -> None:
    """Replicate 1 failed in zero and 2 in one: 0 and 3 are left, with differences of 1 and 3."""
    found = attribution(
        zero=table([0, 2, 3], **{A: once(1, 50, 2)}), one=table([0, 1, 3], [4, 90, 6], **{A: once(2, 70, 5)})
    )  # fmt: skip
    pair = row(found.differences, flow="climbs", term=A)
    assert (pair["difference"], pair["pairs"]) == (2, 2)
    assert row(found.differences, flow="slips")["difference"] == 5
    assert row(found.climbs, scenario="one", term=A)["runs"] == 3
    assert row(found.climbs, scenario="one", term=A)["climbs"] == pytest.approx(77 / 3)


def test_one_replicate_has_a_difference_without_an_interval() -> None:
    found = attribution(zero=table([0], **{A: once(3)}), one=table([0], **{A: once(7), B: once(1)}))
    first = row(found.differences, flow="climbs", term=A)
    assert (first["difference"], first["pairs"], first["verdict"]) == (4, 1, "too few pairs to tell")
    assert np.isnan([first[key] for key in ("low", "high", "share")]).all()
    own = row(found.climbs, scenario="one", term=A)
    assert (own["climbs"], own["runs"], own["share"]) == (7, 1, 0.875) and np.isnan(own["low"])
    assert len(draw(found.differences).axes) == 1


def test_without_common_replicates_all_is_undefined() -> None:
    found = attribution(zero=table([0]), one=table([1])).differences
    assert set(found["verdict"]) == {"undefined"}
    assert found["share"].isna().all()


def test_one_scenario_alone_has_climbs_and_no_differences() -> None:
    found = attribution(zero=table([0, 1], **{A: once(3, 3)}))
    assert found.differences.empty
    assert len(found.climbs) == len(TERMS)


def test_a_new_term_needs_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TERMS", (*TERMS, "new_term"))
    found = attribution(zero=table(RUNS, new_term=once(*[0] * 20)), one=table(RUNS, new_term=once(*[3] * 20)))
    assert found.differences["term"].iloc[0] == "new_term"
    assert row(found.differences, term="new_term")["share"] == 1
    assert row(found.climbs, scenario="one", term="new_term")["climbs"] == 3
    assert "tipped by new term +3.00" in carried_text(found.differences)


# Small runs.


def test_terms_add_up_to_all_climbs() -> None:
    comparison, found = real(), Attribution(real())
    for name, runs in comparison.tables.items():
        tipped = by_term(runs)
        assert sum(tipped[term] for term in TERMS).tolist() == runs["climbs"].tolist()  # type: ignore[union-attr]
        mine = found.climbs[found.climbs["scenario"] == name]
        assert mine["climbs"].sum() == pytest.approx(float(np.mean(runs["climbs"])))
        assert mine["share"].sum() == pytest.approx(1)
    terms = found.differences[found.differences["term"] != "all"]
    total = row(found.differences, flow="climbs", term="all")
    assert total["difference"] > 0
    assert terms["difference"].sum() == pytest.approx(total["difference"])
    known = terms.dropna(subset=["low"])
    assert len(known) and known["difference"].between(known["low"], known["high"]).all()


def test_climbs_less_slips_are_the_rungs_gained() -> None:
    """Pairs begin alike, so the differences of climbs and slips must give that of the rungs in the last week."""
    comparison = real()
    rungs = {
        name: weekly_of(runs, "households", "all")[:, -1]
        * sum(k * weekly_of(runs, rung, "all")[:, -1] for k, rung in enumerate(RUNGS))
        for name, runs in comparison.tables.items()
    }
    found = Attribution(comparison).differences
    gained = row(found, flow="climbs", term="all")["difference"] - row(found, flow="slips")["difference"]
    assert gained == pytest.approx(float(np.mean(rungs["veterans"] - rungs["none"])))


def test_a_scenario_against_itself_differs_by_exactly_nothing() -> None:
    found = Attribution(
        compare({"a": scenario("donation"), "b": scenario("donation")}, 3, weeks=10, jobs=1)
    ).differences
    assert (found["difference"] == 0).all() and found["low"].isna().all()
    assert set(found["verdict"]) == {SAME}
    assert found["share"].isna().all()
    assert found["mean"].max() > 0


def test_a_comparison_is_saved_with_its_attribution(tmp_path: Path) -> None:
    comparison = real()
    save_comparison(comparison, Report(tmp_path, "comparison", "x", {}, tmp_path))
    found = Attribution(comparison)
    for name, made in (("attribution", found.differences), ("climbs", found.climbs)):
        kept = read_parquet(tmp_path / f"{name}.parquet")
        assert list(kept) == list(made)
        assert kept["term"].tolist() == made["term"].tolist()
        text = pd.read_csv(tmp_path / f"{name}.csv")
        assert np.allclose(text["share"], made["share"], rtol=1e-5, equal_nan=True)
        assert (tmp_path / f"{name}.png").stat().st_size > 0
        assert (tmp_path / f"{name}.svg").stat().st_size > 0


# As text.


def test_a_line_a_scenario_tells_what_carried_it() -> None:
    four = {term: once(*[k] * 20) for k, term in enumerate(TERMS[1:5], 1)}
    found = attribution(
        zero=table(RUNS), one=table(RUNS, 2.0, **four), rare=table(RUNS, **{A: once(*[0] * 19, 50)}),
        even=table(RUNS, **{A: once(*[-3, 4] * 10)}),
    ).differences  # fmt: skip
    lines = carried_text(found).splitlines()
    assert lines == [
        "why (a run's climbs by the term that tipped them, against zero)",
        f"  one   +10.0 climbs, +2.00 slips; tipped by {TERMS[4]} +4.00, {TERMS[3]} +3.00, {TERMS[2]} +2.00",
        "  rare  +2.50 climbs, +0.00 slips; too few pairs to tell",
        "  even  +0.50 climbs, +0.00 slips; no term distinguishable",
    ]


def test_climbs_of_villages_of_different_size_are_not_compared() -> None:
    runs = {"zero": table(RUNS, **{A: once(*[1] * 20)}), "large": table(RUNS, **{A: once(*[9, 8] * 10)})}
    named = {"zero": scenario(), "large": load_scenario("baseline")}
    found = Attribution(Comparison(named, 1, WEEKS, 10, runs, []))
    assert set(found.differences["verdict"]) == {OTHER_SIZE} and found.differences["difference"].isna().all()
    assert row(found.differences, term=A)["mean"] == 8.5
    assert carried_text(found.differences).splitlines()[1:] == [f"  large  {OTHER_SIZE}"]


def test_the_table_has_a_line_a_term_and_the_sums() -> None:
    zero, one = table(RUNS, **{A: once(*[1] * 20)}), table(RUNS, 2.0, **{A: once(*[4, 6] * 10)})
    found = attribution(zero=zero, one=one).differences
    lines = [line.split() for line in attribution_text(found).splitlines()]
    # Wilson's interval of a half, 10 of 20, is 0.2993 to 0.7007; differences are 3 or 5.
    assert lines[2] == [A, "1.00", "5.00", "+4.00", "[+3.60,", "+4.40]", "100.0", "more"]
    assert lines[-2][:5] == ["all", "climbs", "1.00", "5.00", "+4.00"]
    assert lines[-1] == ["all", "slips", "0.00", "2.00", "+2.00", "-", "-", "more", "in", "every", "pair"]
    assert len(lines) == 2 + len(TERMS) + 2
