"""Sensitivity of scenarios: the luck, the order, what is kept and found again, and the command."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from batches import Refused

import sim.cli
from sim import run
from sim.analysis.sensitivity import analyse, design, seed_noise
from sim.analysis.sensitivity.evaluations import evaluate_study, missing_runs
from sim.analysis.sensitivity.findings import Findings
from sim.analysis.sensitivity.study import Study, varied
from sim.base.errors import InputError
from sim.runs import Progress
from sim.scenario import load_scenario
from sim.scenario.variation import with_values

TINY = {
    "village.households": 40, "village.party_members": 4, "village.volunteers": 2, "village.worthies": 2,
    "village.representatives": 3,
}  # fmt: skip
OVER = (
    "household.predisposition",
    "household.giving",
    "interventions.donation.yuan=0:800000",
    "interventions.donation.start=0:6",
)
WEEKS = 8


def a_study(method: str = "sobol", n: int = 8, names: tuple[str, ...] = ("donation",), replicates: int = 2) -> Study:
    scenarios = {name: load_scenario(name, [TINY]) for name in names}
    made = design(varied(scenarios, OVER), method, n, seed=3, second_order=False)
    return Study(scenarios, made, replicates, seed=5, weeks=WEEKS)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Study, Path, npt.NDArray[np.float64]]]:
    """Give a study, the folder of its evaluations, and what was observed."""
    study, folder = a_study(), tmp_path_factory.mktemp("study")
    yield study, folder, evaluate_study(study, folder, jobs=2)


Kept = tuple[Study, Path, npt.NDArray[np.float64]]


def test_what_is_observed_is_that_of_single_runs(kept: Kept) -> None:
    """The luck of a block is its own, and the same at all its points."""
    study, _, values = kept
    for draw in (0, study.design.block + 1):
        given = dict(zip(study.design.names, study.values[draw], strict=True))
        given["interventions.donation.start"] = int(given["interventions.donation.start"])
        changed = with_values(study.scenarios["donation"], given)
        for r in range(2):
            result = run(changed, 5, 2 * (draw // study.design.block) + r, WEEKS)
            assert values[draw, r, study.observed.index("adopted")] == result.totals["adopted"]
            assert values[draw, r, study.observed.index("trust@3")] == result.weekly.query("week == 2")["trust"].iloc[0]
            assert values[draw, r, study.observed.index(f"clean@{WEEKS}")] == result.totals["clean"]


def test_neither_threads_nor_a_folder_change_anything(kept: Kept) -> None:
    study, _, values = kept
    np.testing.assert_array_equal(evaluate_study(study, jobs=1), values)


def test_what_was_interrupted_goes_on_where_it_stopped(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, folder, values = kept
    assert missing_runs(study, folder) == 0
    assert missing_runs(study, tmp_path) == study.runs
    assert not list(tmp_path.iterdir()), "to ask writes nothing"

    def stop(progress: Progress) -> None:
        if progress.done >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate_study(study, tmp_path, 1, stop)
    counts: list[Progress] = []
    np.testing.assert_array_equal(evaluate_study(study, tmp_path, 1, counts.append), values)
    assert 10 <= counts[0].found < study.runs
    monkeypatch.setattr("sim.runs.task.Simulation", Refused)
    np.testing.assert_array_equal(evaluate_study(study, tmp_path), values)


def test_a_larger_study_goes_on_from_the_smaller_one(kept: Kept) -> None:
    study, folder, _ = kept
    larger = a_study(n=16)
    assert larger.digest() == study.digest()
    assert 0 < missing_runs(larger, folder) <= larger.runs - study.runs // 2
    for other in (a_study(replicates=3), replace(study, seed=6), replace(study, weeks=9), a_study("morris")):
        assert other.digest() != study.digest()
    assert missing_runs(replace(study, seed=6), folder) == study.runs


def test_evaluations_of_other_points_are_not_taken(kept: Kept) -> None:
    study, folder, _ = kept
    moved = replace(study, design=replace(study.design, unit=1.0 - study.design.unit))
    assert missing_runs(moved, folder) > study.runs // 2


def test_the_difference_of_two_scenarios_is_taken_run_by_run() -> None:
    """An intervention's value varies only where there is the intervention."""
    study = a_study(n=2, names=("donation", "baseline"), replicates=1)
    alone = [replace(study, scenarios={name: study.scenarios[name]}) for name in study.scenarios]
    first, second = (evaluate_study(one) for one in alone)
    np.testing.assert_array_equal(evaluate_study(study), first - second)
    assert np.ptp((first - second)[:, 0, study.observed.index("yuan")]) > 0
    assert study.runs == 2 * alone[0].runs


def test_findings_are_the_indices_of_the_means(kept: Kept) -> None:
    study, _, values = kept
    findings = Findings(study, "mean_adopted", values)
    at = study.observed.index("mean_adopted")
    means = pd.DataFrame({"mean_adopted": values[:, :, at].mean(axis=1)}, index=study.design.draws)
    pd.testing.assert_frame_equal(findings.table, analyse(study.design, means.sample(frac=1.0, random_state=1)))
    assert findings.weeks is None, "it has no weekly course"
    assert findings.noise == seed_noise(values[:, :, at], study.design.block, study.seed)
    assert "not converged" in findings.verdict


def test_the_last_week_of_the_course_is_the_total(kept: Kept) -> None:
    study, _, values = kept
    findings = Findings(study, "clean", values)
    weeks = findings.weeks
    assert weeks is not None
    assert sorted(weeks["week"].unique()) == list(study.times)
    last = weeks[weeks["week"] == WEEKS].set_index("parameter")["value"]
    total = findings.table[findings.table["index"] == "ST"].set_index("parameter")["value"]
    pd.testing.assert_series_equal(last, total)


def test_an_outcome_that_does_not_always_come_about_is_refused(kept: Kept) -> None:
    study, _, values = kept
    with pytest.raises(InputError, match="'adopted_year_after' is undefined at"):
        _ = Findings(study, "adopted_year_after", values).table


VARIED = {
    "unknown key": ("household.givin=0:1", "did you mean 'household.giving'"),
    "no number": ("title=0:1", "isn't a number"),
    "no prior": ("interventions.donation.yuan", "so it needs bounds"),
    "no bounds": ("household.giving=0", "aren't bounds"),
    "words": ("household.giving=a:b", "aren't bounds"),
    "wrong way round": ("household.giving=1:0", "low < high"),
    "out of range": ("interventions.donation.strength=0:3", "within 0 and 1"),
    "intervention that isn't there": ("interventions.contact.strength=0:1", "unknown key"),
}


@pytest.mark.parametrize("case", VARIED)
def test_what_cannot_vary_is_refused_in_a_line(case: str) -> None:
    text, message = VARIED[case]
    with pytest.raises(InputError) as error:
        varied({"donation": load_scenario("donation")}, [text])
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_priors_and_interventions_vary_together() -> None:
    scenarios = {"donation": load_scenario("donation")}
    both = varied(scenarios, ["priors", "interventions.donation.strength=0:1"])
    assert both[:-1] == varied(scenarios)
    assert both[-1].key == "interventions.donation.strength"
    with pytest.raises(InputError, match="is listed twice"):
        varied(scenarios, ["priors", "household.giving"])
    own = varied(scenarios, ["household.giving=0.1:0.2"])[0]
    assert (own.low, own.high) == (0.1, 0.2)


# The command.


def command(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    sets = [part for key, value in TINY.items() for part in ("--set", f"{key}={value}")]
    over = [part for key in OVER for part in ("--over", key)]
    monkeypatch.setattr(sys, "argv", ["grassroots", "sensitivity", *arguments, *sets, *over, "--weeks", str(WEEKS)])
    with pytest.raises(SystemExit) as stop:
        sim.cli.main()
    return int(stop.value.code or 0)


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_the_command_tells_the_cost_the_indices_and_a_verdict(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["donation", "--method", method, "--n", "4", "--results", str(tmp_path), "--jobs", "2"]
    arguments += ["--second-order"] if method == "sobol" else ["--against", "baseline"]
    runs = 4 * 10 * 2 if method == "sobol" else 4 * 5 * 2 * 2
    assert command([*arguments, "--preview"], monkeypatch) == 0
    shown = capsys.readouterr()
    assert f"= {runs} runs of {WEEKS} weeks, 0 of them stored already" in shown.out
    assert shown.err == ""
    assert not list(tmp_path.rglob("*"))
    assert command(arguments, monkeypatch) == 0
    shown = capsys.readouterr()
    for said in ("donation.yuan", "giving (b_D)", "luck: ", "not converged: too few", "tables and pictures: "):
        assert said in shown.out
    folder = Path(shown.out.rpartition("tables and pictures: ")[2].strip())
    names = {path.name for path in folder.iterdir()}
    pictures = {"morris": {"morris", "convergence", "weeks"}, "sobol": {"indices", "convergence", "weeks", "pairs"}}[
        method
    ]
    assert {f"{name}.png" for name in pictures} | {"indices.csv", "indices.parquet", "manifest.json"} <= names
    if method == "morris":
        return  # once is enough for what follows
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert command(arguments, monkeypatch) == 0
    again = capsys.readouterr()
    assert again.err == ""  # the kept report
    assert again.out == shown.out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_without_a_number_morris_takes_as_many_trajectories_as_the_width_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["donation", "--width", "0.5", "--results", str(tmp_path)]
    assert command([*arguments, "--preview"], monkeypatch) == 0
    assert (
        "trajectories are added until the widest interval is at most 0.5 of the largest mu*" in capsys.readouterr().out
    )
    assert command(arguments, monkeypatch) == 0
    first = capsys.readouterr()
    assert "adopted: converged: the widest interval" in first.out
    assert int(first.out.partition(" at n = ")[2].split()[0]) > 20
    assert command(arguments, monkeypatch) == 0
    again = capsys.readouterr()
    assert again.out == first.out and again.err == ""  # the kept report


BAD = {
    "outcome": (["donation", "--outcome", "adoptd"], "did you mean 'adopted'"),
    "method": (["donation", "--method", "sobl"], "did you mean 'sobol'"),
    "n": (["donation", "--method", "sobol", "--n", "100"], "power of 2"),
    "scenario": (["donatio"], "did you mean 'donation'"),
    "twice": (["donation", "--against", "donation"], "two scenarios are called"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_leaves_nothing(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, message = BAD[case]
    assert command([*arguments, "--results", str(tmp_path)], monkeypatch) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.err.count("\n") == 1
    assert not list(tmp_path.iterdir())
