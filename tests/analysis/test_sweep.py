"""Sweeps: the points, their runs and intervals, what is kept and found again, and the command."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest
import typer
from command_line import SETS, SMALL, command
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.analysis.intervals import corrected, interval
from sim.analysis.sweep import HIGHEST, Sweep, evaluate, missing_runs, plan_of
from sim.analysis.sweep_points import axes_of, points_of
from sim.base.errors import InputError
from sim.commands.options import keys_like
from sim.runs import Progress
from sim.scenario import load_scenario, with_values
from sim.uncertainty.draw_table import DrawTable

YUAN, OWN, PERSUASION = "interventions.donation.yuan", "household.own_yard", "household.persuasion"
OVER = [f"{YUAN}=0:400000:3", f"{PERSUASION}=0,0.8"]
WEEKS, REPLICATES = 9, 3
DONATION = load_scenario("donation", [SMALL])
SCENARIOS = {"donation": DONATION, "campaign": load_scenario("campaign", [SMALL])}
LINE = ["sweep", "donation", "--weeks", "6", "--replicates", "2", "--over", f"{YUAN}=0:400000:2", *SETS]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sweep, Path]:
    """Give a sweep against a reference that has one of its keys, and the folder of its runs."""
    folder = tmp_path_factory.mktemp("sweep")
    plan = plan_of(SCENARIOS, OVER, replicates=REPLICATES, seed=4, weeks=WEEKS)
    return evaluate(plan, ("adopted", "weeks_to_half", "yuan"), folder, jobs=2), folder


def test_a_grid_has_every_combination_and_numbers_are_those_written() -> None:
    points = points_of(axes_of(DONATION, [f"{YUAN}=0:4e5:3", f"{OWN}=0.3,0.1"]))
    np.testing.assert_array_equal(points, [(y, o) for y in (0.0, 2e5, 4e5) for o in (0.1, 0.3)])


def test_whole_numbers_are_rounded_and_listed_once() -> None:
    points = points_of(axes_of(DONATION, ["village.volunteers=0:3:6"]))
    np.testing.assert_array_equal(points, [[0], [1], [2], [3]])


@given(st.floats(0, 0.4), st.floats(0.01, 0.5), st.integers(2, 30))
def test_a_range_is_evenly_spaced_between_its_ends(low: float, length: float, count: int) -> None:
    (axis,) = axes_of(DONATION, [f"{OWN}={low!r}:{low + length!r}:{count}"])
    assert (axis.values[0], axis.values[-1], len(axis.values)) == (low, low + length, count)
    np.testing.assert_allclose(np.diff(axis.values), length / (count - 1), rtol=1e-9)


def test_more_sobol_points_begin_with_fewer_and_fill_the_box() -> None:
    axes = axes_of(DONATION, [f"{YUAN}=1000:2000", f"{OWN}=0.1:0.5"], "sobol")
    few, many = (points_of(axes, "sobol", n, seed=7) for n in (10, 64))
    np.testing.assert_array_equal(many[:10], few)
    for k, (low, high) in enumerate(((1000, 2000), (0.1, 0.5))):
        counts, _ = np.histogram(many[:, k], 8, (low, high))
        assert (counts == 8).all()


@pytest.mark.parametrize(
    ("over", "method", "line"),
    [
        (["household.own_yrd=0:1:3"], "grid", "--over: unknown key 'household.own_yrd', did you mean 'household.own_yard'?"),
        ([f"{OWN}=0:2:3"], "grid", f"--over: {OWN}=2: {OWN} is 2; it must be a number from 0 to 1"),
        ([f"{OWN}=0:1:3", f"{OWN}=0:1:4"], "grid", f"--over: '{OWN}' is listed twice"),
        ([f"{OWN}=0.3"], "grid", f"--over: {OWN} would be constant; set it by --set {OWN}=0.3"),
        ([f"{OWN}=0.3,0.3"], "grid", f"--over: {OWN} has a value twice"),
        ([f"{OWN}=1:0:3"], "grid", f"--over: {OWN} needs bounds low < high, not 1:0:3"),
        ([f"{OWN}=0:1:1"], "grid", f"--over: {OWN} needs a number of values from 2 to 10000, not 1"),
        ([f"{OWN}=0:1"], "grid", f"--over: '{OWN}=0:1' must be KEY=LOW:HIGH:N or KEY=A,B,C, such as {OWN}=0.1:0.5:5"),
        ([f"{OWN}=0:1:3"], "sobol", f"--over: '{OWN}=0:1:3' must be KEY=LOW:HIGH, such as {OWN}=0.1:0.5"),
        ([OWN], "grid", f"--over: '{OWN}' must be KEY=LOW:HIGH:N or KEY=A,B,C, such as {OWN}=0.1:0.5:5"),
        ([f"{OWN}=0:half:3"], "grid", f"--over: {OWN} must be a number, not 'half'"),
        (["weeks=10:20:3"], "grid", "--over: weeks can't differ between points; use --weeks"),
        (["interventions.donation.kind=1,2"], "grid", "--over: interventions.donation.kind isn't a number"),
        (["village.party_members=8,90"], "grid", "--over: village.party_members=90: villages.village: "),
        ([f"{OWN}=0,1"], "lattice", "--method: unknown method 'lattice'"),
        ([f"{key}=0,1" for key in (OWN, PERSUASION, "household.giving", "village.newcomer_share")], "grid",
         "--over: a sweep has from 1 to 3 keys, not 4"),
    ],
)  # fmt: skip
def test_mistakes_in_what_is_swept_are_one_line(over: list[str], method: str, line: str) -> None:
    with pytest.raises(InputError) as error:
        plan_of({"donation": DONATION}, over, method=method)
    assert str(error.value).startswith(line)


def test_a_key_of_the_draws_cannot_be_swept() -> None:
    table = DrawTable("mine", (OWN,), np.arange(2), np.array([[0.2], [0.4]]))
    with pytest.raises(InputError, match=f"'{OWN}' is swept, but the table of draws also has it"):
        plan_of({"donation": DONATION}, [f"{OWN}=0:1:3"], draws=table)


def test_runs_are_those_of_a_loop_over_single_runs(swept: tuple[Sweep, Path]) -> None:
    """The reference takes the values of households, and not those of interventions."""
    sweep, _ = swept
    assert len(sweep.plan.points) == 6
    for k, (yuan, persuasion) in enumerate(sweep.plan.points):
        here = with_values(DONATION, {YUAN: yuan, PERSUASION: persuasion})
        there = with_values(SCENARIOS["campaign"], {PERSUASION: persuasion})
        for r in range(REPLICATES):
            for name, scenario in (("donation", here), ("campaign", there)):
                totals = sim.run(scenario, 4, r, WEEKS).totals
                np.testing.assert_array_equal(sweep.values[name][k, 0, r], [totals[o] for o in sweep.outcomes])


def test_means_and_differences_are_those_of_the_runs(swept: tuple[Sweep, Path]) -> None:
    sweep, _ = swept
    rows = sweep.table[sweep.table["outcome"] == "adopted"].reset_index(drop=True)
    here, there = (sweep.values[name][:, 0, :, 0] for name in SCENARIOS)
    np.testing.assert_allclose(rows["mean"], here.mean(axis=1), rtol=1e-14)
    np.testing.assert_allclose(rows["difference"], (here - there).mean(axis=1), rtol=1e-12)
    expected = corrected([interval(row) for row in here - there])
    assert rows["verdict"].tolist() == [row["verdict"] for row in expected]
    np.testing.assert_array_equal(rows["difference_low"], [row["low"] for row in expected])
    assert rows["against_highest"].tolist().index(HIGHEST) == here.mean(axis=1).argmax()
    never = sweep.table[sweep.table["outcome"] == "weeks_to_half"]
    assert (never["verdict"] == "never reached").all() and never["mean"].isna().all()


def test_over_draws_a_pair_is_a_draw(tmp_path: Path) -> None:
    table = DrawTable("mine", (OWN, PERSUASION), np.array([3, 8]), np.array([[0.2, 0.3], [0.4, 0.1]]))
    sweep = sim.sweep(
        DONATION, {YUAN: [0, 3e5]}, SCENARIOS["campaign"], replicates=2, seed=1, weeks=6, draws=table, folder=tmp_path
    )
    assert sweep.values[DONATION.title].shape == (2, 2, 2, 1)
    for d, (own, persuasion) in enumerate(table.values):
        one = with_values(DONATION, {YUAN: 3e5, OWN: own, PERSUASION: persuasion})
        assert sweep.values[DONATION.title][1, d, 1, 0] == sim.run(one, 1, 1, 6).totals["adopted"]
    assert sweep.table["pairs"].tolist() == [2, 2] and sweep.table["replicates"].tolist() == [2, 2]


def test_a_finer_grid_finds_the_runs_of_a_coarser_one(swept: tuple[Sweep, Path]) -> None:
    sweep, folder = swept
    assert missing_runs(sweep.plan, folder) == 0
    finer = plan_of(SCENARIOS, [f"{YUAN}=0:400000:5", OVER[1]], replicates=REPLICATES, seed=4, weeks=WEEKS)
    assert missing_runs(finer, folder) == 2 * 2 * REPLICATES
    other = plan_of(SCENARIOS, OVER, replicates=REPLICATES, seed=5, weeks=WEEKS)
    assert missing_runs(other, folder) == (6 + 2) * REPLICATES


def test_an_interrupted_sweep_goes_on(tmp_path: Path, swept: tuple[Sweep, Path]) -> None:
    sweep, _ = swept

    def stop(progress: Progress) -> None:
        if progress.done > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(sweep.plan, ("adopted",), tmp_path, jobs=1, report=stop)
    found: list[int] = []
    again = evaluate(sweep.plan, ("adopted",), tmp_path, jobs=1, report=lambda progress: found.append(progress.found))
    assert found[0] > 4
    np.testing.assert_array_equal(again.values["donation"], sweep.values["donation"][..., :1])


def test_the_command_prints_the_same_again_from_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = [*LINE, "--results", str(tmp_path), "--quiet"]
    assert command(line, monkeypatch) == 0
    first = capsys.readouterr().out
    assert "interventions.donation.yuan" in first and "highest:" in first
    monkeypatch.setattr("sim.analysis.sweep.run", lambda *_, **__: pytest.fail("it ran again"))
    assert command(line, monkeypatch) == 0
    assert capsys.readouterr().out == first
    assert command([*line, "--json"], monkeypatch) == 0
    table = json.loads(capsys.readouterr().out)["tables"]["points"]
    assert table["columns"][YUAN] == {"unit": "yuan"} and table["columns"]["mean"] == {"unit_column": "unit"}
    (folder,) = (tmp_path / "sweep").iterdir()
    assert {"adopted.png", "adopted.svg", "points.csv", "points.parquet"} <= {path.name for path in folder.iterdir()}
    pd.testing.assert_frame_equal(
        pd.read_parquet(folder / "points.parquet")[["mean"]], pd.DataFrame(table["rows"])[["mean"]]
    )


def test_a_preview_runs_nothing_that_it_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command([*LINE, "--results", str(tmp_path / "none"), "--preview", "--json"], monkeypatch) == 0
    (cost,) = json.loads(capsys.readouterr().out)["tables"]["cost"]["rows"]
    assert (cost["points"], cost["runs"], cost["runs_left"]) == (2, 4, 4)
    assert not (tmp_path / "none").exists()


def test_the_shell_completes_the_scenario_s_keys() -> None:
    context = cast(typer.Context, SimpleNamespace(params={"scenario": "donation"}))
    assert keys_like(context, "interventions.donation.y") == [f"{YUAN}="]
    assert "village.name=" not in keys_like(context, "village.")
