"""Batches: scenarios by draws by replicates; what is there is found, what fails is named, what is missing is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batches import Refused, batch, broken, content, held

import sim.runs.task
from sim.analysis.over_draws import over_draws
from sim.base.errors import InputError
from sim.engine.outcomes import GROUPS
from sim.runs import Progress
from sim.runs.single import run
from sim.scenario import Scenario, load_scenario, with_values
from sim.uncertainty.draw_table import DrawTable

SMALL = {"village.households": 60, "village.party_members": 6, "village.volunteers": 2}
WEEKS = 6
DRAWS = DrawTable(
    "three", ("household.predisposition", "household.persuasion"), np.array([7, 2, 30]),
    np.array([[-1.0, 0.5], [0.0, 1.0], [1.0, 1.5]]),
)  # fmt: skip


def small(**values: Any) -> Scenario:
    return load_scenario("baseline", {**SMALL, **{key.replace("__", "."): value for key, value in values.items()}})


def test_progress_says_nothing_of_time_before_there_is_a_rate() -> None:
    assert str(Progress(0, 0, 40, 0.0)) == "0/40 runs (0 found)"
    assert str(Progress(10, 10, 40, 2.0, "search")) == "search: 10/40 runs (10 found)"
    assert str(Progress(30, 10, 40, 2.0)) == "30/40 runs (10 found), 10 a second, 1 s left"


@pytest.fixture
def scenarios() -> dict[str, Scenario]:
    return {"one": small(), "two": small(household__predisposition=0.0)}


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of some ten runs, so that a few runs make several."""
    monkeypatch.setattr("sim.results.store.CHUNK_BYTES", 40_000)


def test_every_run_is_what_a_single_run_gives(scenarios: dict[str, Scenario]) -> None:
    """By draw and replicate; and the same seed and replicate for every scenario and draw."""
    found = batch(scenarios, 2, 4, WEEKS, None, draws=DRAWS)
    for name, scenario in scenarios.items():
        table = found.tables[name]
        assert table["draw"].tolist() == [2, 2, 7, 7, 30, 30]
        assert table["replicate"].tolist() == [0, 1] * 3
        for row, (draw, values) in enumerate((draw, dict(DRAWS.rows())[draw]) for draw in (2, 7, 30)):
            for replicate in (0, 1):
                single = run(with_values(scenario, values), 4, replicate, WEEKS)
                at = 2 * row + replicate
                assert table["climbs"][at] == single.totals["climbs"], draw
                assert np.array_equal(table["weekly.adopted"][at].ravel(), single.columns["adopted"], equal_nan=True)
    assert len(set(found.tables["one"]["climbs"].tolist())) > 3


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("draws", [None, DRAWS])
def test_runs_that_are_there_are_found_and_not_made_again(
    draws: DrawTable | None, scenarios: dict[str, Scenario], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = batch(scenarios, 12, 1, WEEKS, tmp_path, draws=draws)
    assert not first.failures
    assert len(list(tmp_path.rglob("runs-*.parquet"))) >= 4
    monkeypatch.setattr(sim.runs.task, "Simulation", Refused)
    seen: list[Progress] = []
    second = batch(scenarios, 12, 1, WEEKS, tmp_path, report=seen.append, draws=draws)
    assert not second.failures
    assert content(first.tables) == content(second.tables)
    assert seen[-1].found == seen[-1].done == 2 * 12 * (1 if draws is None else 3)


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("draws", [None, DRAWS])
def test_memory_and_folder_give_the_same_tables(
    draws: DrawTable | None, scenarios: dict[str, Scenario], tmp_path: Path
) -> None:
    kept = batch(scenarios, 12, 1, WEEKS, tmp_path, draws=draws)
    passing = batch(scenarios, 12, 1, WEEKS, None, draws=draws)
    assert content(kept.tables) == content(passing.tables)
    assert kept.tables["one"].runs == 12 * (1 if draws is None else 3)


def test_the_environment_names_a_folder_for_runs_that_name_none(
    scenarios: dict[str, Scenario], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As studies do: interrupted, they find there what was made."""
    monkeypatch.setenv("GRASSROOTS_RUNS", str(tmp_path / "runs"))
    first = batch(scenarios, 2, 1, WEEKS)
    monkeypatch.setattr(sim.runs.task, "Simulation", Refused)
    found: list[int] = []
    second = batch(scenarios, 2, 1, WEEKS, report=lambda progress: found.append(progress.found))
    assert found[-1] == second.request.runs
    assert content(second.tables) == content(first.tables)
    assert {label.partition("/")[0] for label in held(tmp_path / "runs")} == scenarios.keys()


def test_only_what_is_asked_for_is_observed(scenarios: dict[str, Scenario]) -> None:
    table = batch(scenarios, 3, 1, WEEKS, None, observed=("adopted", "weekly.clean")).tables["one"]
    assert list(table) == ["replicate", "adopted", "weekly.clean"]
    whole = batch(scenarios, 3, 1, WEEKS, None).tables["one"]
    assert all(table[key].tobytes() == whole[key].tobytes() for key in table)
    with pytest.raises(KeyError):
        table["trust"]


@pytest.mark.usefixtures("small_chunks")
def test_a_batch_grows_to_the_bytes_of_one_that_was_large_at_once(
    scenarios: dict[str, Scenario], tmp_path: Path
) -> None:
    """More replicates make only what is missing; fewer read only what is asked for."""
    few = batch(scenarios, 7, 1, WEEKS, tmp_path / "grown")
    seen: list[Progress] = []
    batch(scenarios, 25, 1, WEEKS, tmp_path / "grown", report=seen.append)
    assert seen[0].found == 14
    batch(scenarios, 25, 1, WEEKS, tmp_path / "whole")
    assert held(tmp_path / "grown") == held(tmp_path / "whole")
    assert content(batch(scenarios, 7, 1, WEEKS, tmp_path / "grown").tables) == content(few.tables)


def test_the_order_of_a_table_of_draws_changes_nothing(scenarios: dict[str, Scenario], tmp_path: Path) -> None:
    other = DrawTable("another name", DRAWS.keys, DRAWS.numbers[::-1], DRAWS.values[::-1])
    first = batch(scenarios, 2, 1, WEEKS, tmp_path, draws=DRAWS)
    seen: list[Progress] = []
    again = batch(scenarios, 2, 1, WEEKS, tmp_path, draws=other, report=seen.append)
    assert seen[0].found == 12
    assert content(first.tables) == content(again.tables)


@pytest.mark.parametrize("change", ["a value", "a number"])
def test_other_draws_have_another_folder(change: str, scenarios: dict[str, Scenario], tmp_path: Path) -> None:
    other = DrawTable(
        "three", DRAWS.keys, DRAWS.numbers + (change == "a number"), DRAWS.values + 0.125 * (change == "a value")
    )
    batch(scenarios, 1, 1, WEEKS, tmp_path, draws=DRAWS)
    seen: list[Progress] = []
    batch(scenarios, 1, 1, WEEKS, tmp_path, draws=other, report=seen.append)
    assert seen[0].found == 0


def test_an_unknown_value_of_a_draw_is_told_before_anything_is_written(
    scenarios: dict[str, Scenario], tmp_path: Path
) -> None:
    wrong = DrawTable("wrong", ("household.persuason",), np.array([1]), np.array([[1.0]]))
    with pytest.raises(InputError, match=r"did you mean 'household\.persuasion'"):
        batch(scenarios, 1, 1, WEEKS, tmp_path, draws=wrong)
    assert not list(tmp_path.iterdir())


def test_a_draw_that_can_t_be_run_is_named_and_loses_no_other(scenarios: dict[str, Scenario]) -> None:
    """Climb and slip rates of draw 7 add up to more than 1."""
    keys = ("household.climb_rate", "household.slip_rate")
    draws = DrawTable("rates", keys, np.array([3, 7]), np.array([[0.5, 0.1], [0.7, 0.6]]))
    found = batch({"one": scenarios["one"]}, 2, 5, WEEKS, None, draws=draws)
    assert str(found.failures[0]).startswith("run failed: scenario one, draw 7, seed 5, replicate 0: InputError")
    assert [(failure.draw, failure.replicate) for failure in found.failures] == [(7, 0), (7, 1)]
    assert found.tables["one"]["draw"].tolist() == [3, 3]


def test_a_failing_run_is_named_and_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenario, seed and replicate are told, the others are kept, and the next time only the failed are made."""
    whole = batch({"one": small()}, 10, 4, WEEKS, tmp_path / "whole")
    with monkeypatch.context() as patch:
        patch.setattr(sim.runs.task, "Simulation", broken(3, 7))
        found = batch({"one": small()}, 10, 4, WEEKS, tmp_path / "parts")
    assert [str(failure) for failure in found.failures] == [
        f"run failed: scenario one, seed 4, replicate {replicate}: ZeroDivisionError: as planned"
        for replicate in (3, 7)
    ]
    kept = [0, 1, 2, 4, 5, 6, 8, 9]
    assert found.tables["one"]["replicate"].tolist() == kept
    weekly = whole.tables["one"]["weekly.adopted"]
    assert np.array_equal(found.tables["one"]["weekly.adopted"], weekly[kept], equal_nan=True)
    seen: list[Progress] = []
    again = batch({"one": small()}, 10, 4, WEEKS, tmp_path / "parts", report=seen.append)
    assert seen[0].found == 8
    assert not again.failures
    assert held(tmp_path / "parts") == held(tmp_path / "whole")


def test_all_runs_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.runs.task, "Simulation", broken(0, 1))
    found = batch({"one": small()}, 2, 4, WEEKS, tmp_path)
    assert content(found.tables) == {"one": {}}
    assert found.tables["one"].runs == 0
    assert len(found.failures) == 2


@pytest.mark.usefixtures("small_chunks")
def test_an_interrupted_batch_goes_on_to_the_same_bytes(scenarios: dict[str, Scenario], tmp_path: Path) -> None:
    """Stopped within the second part: every finished run stays, and the rest follows."""
    batch(scenarios, 25, 1, WEEKS, tmp_path / "whole", 2)

    def stop(progress: Progress) -> None:
        if progress.done >= 27:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch(scenarios, 25, 1, WEEKS, tmp_path / "parts", 2, stop)
    assert list((tmp_path / "parts").rglob("runs-*.parquet"))
    assert list((tmp_path / "parts").rglob("journal-*"))
    seen: list[Progress] = []
    batch(scenarios, 25, 1, WEEKS, tmp_path / "parts", 2, seen.append)
    assert 27 <= seen[0].found < 50
    assert held(tmp_path / "parts") == held(tmp_path / "whole")
    assert not list((tmp_path / "parts").rglob("journal-*"))


@pytest.mark.parametrize("bytes_lost", [1, 5000, 20_000])
@pytest.mark.parametrize("spoil", [True, False])
def test_a_journal_whose_end_is_torn_off_or_spoilt_loses_only_that_end(
    spoil: bool, bytes_lost: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.runs.lacking.MOST_PAIRS", 1)
    one = {"one": small()}
    batch(one, 10, 1, WEEKS, tmp_path / "whole")

    def stop(progress: Progress) -> None:
        if progress.done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch(one, 10, 1, WEEKS, tmp_path / "parts", 1, stop)
    (journal,) = tmp_path.rglob("journal-*")
    data = journal.read_bytes()
    lost = -(-bytes_lost // (len(data) // 8))
    journal.write_bytes(data[:-bytes_lost] + b"\x55" * bytes_lost * spoil)
    seen: list[Progress] = []
    batch(one, 10, 1, WEEKS, tmp_path / "parts", 1, seen.append)
    assert seen[0].found == 8 - lost
    assert held(tmp_path / "parts") == held(tmp_path / "whole")


def test_two_batches_at_once_in_one_folder_do_not_spoil_each_other(tmp_path: Path) -> None:
    """The second begins and ends while the first is under way."""
    one = {"one": small()}
    batch(one, 6, 1, WEEKS, tmp_path / "whole")
    inner: list[int] = []

    def second(progress: Progress) -> None:
        if progress.done >= 3 and not inner:
            batch(one, 6, 1, WEEKS, tmp_path / "both", 1, lambda p: inner.append(p.done))

    batch(one, 6, 1, WEEKS, tmp_path / "both", 1, second)
    assert inner[0] == 0  # what another process has only begun to keep isn't there yet
    assert inner[-1] == 6
    assert held(tmp_path / "both") == held(tmp_path / "whole")


def test_means_over_draws_stand_where_their_draws_stood(scenarios: dict[str, Scenario], tmp_path: Path) -> None:
    points = np.array([[0.5], [-2.0], [1.0], [-0.5]])
    keys, outcomes = ["household.predisposition"], ("climbs", "trust", "adopted@4")
    found = over_draws(scenarios, keys, points, outcomes, 2, 3, WEEKS)
    assert found.shape == (4, 2, 3)
    assert np.array_equal(found, over_draws(scenarios, keys, points, outcomes, 2, 3, WEEKS, 1, folder=tmp_path))
    for d, point in enumerate(points):
        one = with_values(scenarios["one"], {keys[0]: float(point[0])})
        single = []
        for replicate in (0, 1):
            alone = run(one, 3, replicate, WEEKS)
            single.append(
                [alone.totals["climbs"], alone.totals["trust"], float(alone.columns["adopted"][3 * len(GROUPS)])]
            )
        assert found[d, 0].tolist() == np.mean(single, axis=0).tolist()
    assert found[0, 0, 2] == np.mean([run(with_values(scenarios["one"], {keys[0]: 0.5}), 3, r, 4).totals["adopted"]
                                      for r in (0, 1)])  # fmt: skip


def test_means_over_draws_of_failed_runs_are_refused(scenarios: dict[str, Scenario]) -> None:
    keys = ["household.climb_rate", "household.slip_rate"]
    with pytest.raises(InputError, match="2 runs failed; the first: run failed: scenario one, draw 1,"):
        over_draws({"one": scenarios["one"]}, keys, np.array([[0.5, 0.1], [0.7, 0.6]]), ("climbs",), 2, 3, WEEKS)
