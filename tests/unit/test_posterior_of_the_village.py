"""The model's own calibration: what it asks, its checks over draws, the command, and the posterior that is shipped."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from batches import Refused

from sim.analysis.calibration import Luck
from sim.analysis.calibration.fit_patterns import BANDS, SCENARIOS, fit_targets, screening_targets, simulator
from sim.analysis.calibration.medoid import medoid, more_central
from sim.analysis.calibration.predictive import (
    ASKED,
    ELSEWHERE,
    FITTED,
    HELD_OUT,
    OTHER,
    courses,
    patterns_of,
    runs_over_draws,
    scoreboard,
)
from sim.analysis.calibration.targets import in_bands
from sim.analysis.calibration.village import default_values
from sim.analysis.pattern_measures import MEASURES, Setting
from sim.cli import main
from sim.evidence import load_register
from sim.runs import Collection
from sim.scenario import load_scenario, scenarios_folder, with_values
from sim.uncertainty.draw_table import DrawTable, load_draw_table
from sim.uncertainty.priors import draw, load_priors

SMALL = {"village.households": 60, "village.party_members": 5, "village.volunteers": 2}


@pytest.fixture(scope="module")
def shipped() -> DrawTable:
    return load_draw_table("posterior")


@pytest.fixture(scope="module")
def manifest() -> dict:
    return json.loads((scenarios_folder() / "draws" / "posterior.json").read_text(encoding="utf-8"))


def test_bands_name_patterns_of_the_register_and_those_held_out_can_be_left_out() -> None:
    register = load_register()
    assert set(screening_targets()) == set(BANDS)
    assert all(one.pattern in register.patterns and one.basis for one in BANDS.values())
    assert patterns_of(fit_targets(register)) == {"P1", "P2", "P9"}
    assert {register.patterns[name].use for name in patterns_of(fit_targets(register))} == {"fit"}


def test_hopeless_campaigns_are_skipped_unless_asked_for_whole_and_own_luck_is_the_draw_s_number() -> None:
    priors = load_priors()
    small = {name: with_values(load_scenario(name), SMALL) for name in SCENARIOS}
    values = np.repeat(default_values(priors)[None, :], 3, axis=0)
    keys = [prior.key for prior in priors]
    for name, value in {
        "predisposition": -4.1,
        "persuasion": 0.4,
        "climb_rate": 0.28,
        "effort": 1.5,
        "kin": 0.4,
    }.items():
        values[1, keys.index(f"household.{name}")] = value
    luck = Luck(5, 0, np.array([7, 8, 9]))
    plain = simulator(priors, scenarios=small)(values, luck)
    whole = simulator(priors, scenarios=small, whole=True)(values, luck)
    own = simulator(priors, scenarios=small, whole=True, own_luck=True)(values, luck)
    assert np.isnan(plain[1, 2:]).all() and np.isfinite(plain[[0, 2]]).all() and np.isfinite(whole).all()
    assert (plain[0] == plain[2]).all(), "the same luck for the same values"
    assert (own[0] != own[2]).any(), "luck of their own"
    assert (whole[0] == plain[0]).all()
    fit_only = simulator(priors, ("early", "gap"), small)(values, luck)
    assert (fit_only[:, 1] == whole[:, 4]).all(), "without the band on agreement nothing is hopeless"


def test_quantities_that_were_simulated_are_found_again_and_come_out_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    priors = load_priors()
    small = {name: with_values(load_scenario(name), SMALL) for name in SCENARIOS}
    values, luck = draw(priors, 4, seed=1), Luck(5, 2, np.array([9, 4, 6, 8]))
    expected = simulator(priors, scenarios=small, whole=True)(values, luck)
    with Collection(tmp_path, "kept") as kept:
        simulator(priors, scenarios=small, whole=True, kept=kept)(values[1:3], Luck(5, 2, luck.numbers[1:3]))
    with Collection(tmp_path, "kept") as kept:
        found = simulator(priors, scenarios=small, whole=True, kept=kept)(values, luck)
    np.testing.assert_array_equal(found, expected)
    monkeypatch.setattr("sim.runs.task.Simulation", Refused)
    with Collection(tmp_path, "kept") as kept:
        again = simulator(priors, scenarios=small, whole=True, kept=kept)(values[::-1], Luck(5, 2, luck.numbers[::-1]))
    np.testing.assert_array_equal(again[::-1], expected)


def test_runs_over_draws_are_scored_by_part() -> None:
    priors = load_priors()
    table = DrawTable("t", tuple(prior.key for prior in priors), np.arange(3), draw(priors, 3, seed=1))
    small = tuple(SMALL.items())
    labels = ("campaign", "default village", "campaign, yards as they are")
    settings = {
        label: Setting(name, values=small)
        for label, name in zip(labels, ("campaign", "baseline", "campaign_without_example"), strict=True)
    }
    runs = runs_over_draws(settings, table, seed=4)
    assert [runs[label].runs for label in labels] == [3, 3, 3]
    mine = [measure for measure in MEASURES if set(measure.runs.split(", ")) <= {"campaign", "default village"}]
    mine += [measure._replace(runs="dungen") for measure in mine if measure.pattern == "P1"]
    mine += [mine[0]._replace(pattern=pattern) for pattern in ("P3", "P8")]
    scores = scoreboard(runs, load_register(), {"P1", "P3"}, mine)
    assert {(row.pattern, row.runs): row.part for row in scores.itertuples()} == {
        ("P1", "campaign"): FITTED, ("P1", "dungen"): ELSEWHERE, ("P2", "campaign"): ELSEWHERE,
        ("P9", "campaign"): ELSEWHERE, ("P3", "campaign"): ASKED, ("P8", "campaign"): HELD_OUT, ("P5", "campaign"): OTHER,
        ("S04", "default village"): OTHER,
    }  # fmt: skip
    assert (scores["draws"] == 3).all() and scores["within"].between(0, 1).all()


def test_courses_have_a_band_a_week_and_widen_with_the_draws() -> None:
    priors = load_priors()
    keys = tuple(prior.key for prior in priors)
    small = {"campaign": with_values(load_scenario("campaign"), SMALL)}
    values = draw(priors, 12, seed=1)
    tables = {
        "prior": DrawTable("a", keys, np.arange(12), values),
        "one": DrawTable("b", keys, np.arange(1), values[:1]),
    }
    found = courses(small, tables, weeks=10, seed=3)
    assert found.groupby("draws")["week"].apply(list).to_dict() == {"prior": list(range(10)), "one": list(range(10))}
    one, prior = found[found["draws"] == "one"], found[found["draws"] == "prior"]
    assert (one["q05"] == one["q95"]).all()
    assert (prior["q05"] <= prior["q50"]).all() and prior["q05"].iloc[-1] < prior["q95"].iloc[-1]


def call(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["grassroots", "calibrate", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_the_command_tells_in_a_line_what_it_cannot_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ("--draws", "3", "--waves", "0", "--results", str(tmp_path / "results"))
    assert call(monkeypatch, *few) == 2
    assert "none of 3 draws meets the targets" in capsys.readouterr().err.splitlines()[-1]
    path = tmp_path / "priors.yaml"
    path.write_text("interventions.donation.yuan: {low: 1, high: 2, assumption: none}\n", encoding="utf-8")
    assert call(monkeypatch, *few, "--priors", str(path)) == 2
    assert capsys.readouterr().err.startswith(f"{path}:1: 'interventions.donation.yuan' belongs to an intervention")
    assert not list(tmp_path.rglob("*.csv"))


def test_the_cost_is_told_before_it_is_paid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "--preview", "--results", str(tmp_path)) == 0
    told = capsys.readouterr().out
    assert "waves: at most 2176 draws" in told and "each 1 % of the 32768 draws" in told
    assert re.search(r"^a run takes [\d.]+ MB of memory, on each of \d+ thread", told, re.MULTILINE)
    assert not list(tmp_path.iterdir())


# what is shipped -----------------------------------------------------------------------------------------------------


def test_the_shipped_posterior_is_draws_of_the_prior_known_by_number(shipped: DrawTable, manifest: dict) -> None:
    priors = load_priors()
    seed = int(manifest["command"].split("--seed ")[1].split()[0])
    assert shipped.keys == tuple(prior.key for prior in priors)
    assert (draw(priors, manifest["considered"], seed)[shipped.numbers] == shipped.values).all()
    assert len(shipped) == manifest["accepted"] == manifest["acceptance"][-1]["kept"] >= 200
    assert manifest["targets"] == {name: list(band) for name, band in screening_targets().items()}


def test_shipped_draws_meet_the_bands_again_under_luck_that_chose_them(shipped: DrawTable, manifest: dict) -> None:
    """A model that has changed since would not give three draws that lie in all five bands."""
    seed = int(manifest["command"].split("--seed ")[1].split()[0])
    few = np.arange(0, len(shipped), len(shipped) // 3)[:3]
    found = simulator(load_priors())(shipped.values[few], Luck(seed, 0, shipped.numbers[few]))
    assert in_bands(found, screening_targets()).all()


def test_the_manifest_tells_how_the_defaults_lie_to_the_posterior(shipped: DrawTable, manifest: dict) -> None:
    priors = load_priors()
    defaults = default_values(priors)
    assert manifest["defaults"]["medoid"] == shipped.numbers[medoid(shipped.values, priors)]
    assert manifest["defaults"]["more_central"] == pytest.approx(more_central(defaults, shipped.values, priors))
    low, high = np.quantile(shipped.values, (0.05, 0.95), axis=0)
    outside = [key for key, x, a, b in zip(shipped.keys, defaults, low, high, strict=True) if not a <= x <= b]
    assert manifest["defaults"]["outside_90"] == outside


def test_the_default_values_are_the_medoid_of_plain_rejection() -> None:
    """base.yaml has four digits of it."""
    priors = load_priors()
    path = Path(__file__).parents[2] / "results" / "reference" / "00_default_parameters" / "accepted.csv"
    table = load_draw_table(path, [prior.key for prior in priors])
    np.testing.assert_allclose(default_values(priors), table.values[medoid(table.values, priors)], rtol=1e-3)
