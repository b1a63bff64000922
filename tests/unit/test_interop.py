"""Other tools read the tables as we do, with their units; and the EMA Workbench runs the model."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from batches import batch

from sim.analysis.ema import ema_model
from sim.base.errors import InputError
from sim.engine.outcomes import TOTALS, WEEKLY
from sim.results.catalogue import entries
from sim.results.query import Database
from sim.results.table import Table
from sim.runs.single import run
from sim.scenario import load_scenario, with_values
from sim.uncertainty.draw_table import DrawTable
from sim.uncertainty.priors import load_priors

SMALL = {"village.households": 60, "village.party_members": 6, "village.volunteers": 2}
WEEKS = 4
DRAWS = DrawTable("two", ("household.predisposition",), np.array([5, 3]), np.array([[-1.0], [1.0]]))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Table]:
    """A results folder with one batch of four runs, and its table as we read it."""
    folder = tmp_path_factory.mktemp("results")
    found = batch({"baseline": load_scenario("baseline", SMALL)}, 2, 1, WEEKS, folder, draws=DRAWS)
    return folder, found.tables["baseline"]


def parquet(folder: Path) -> Path:
    (path,) = folder.rglob("runs-*.parquet")
    return path


def test_pandas(kept: tuple[Path, Table]) -> None:
    import pandas as pd

    frame = pd.read_parquet(parquet(kept[0]))
    assert list(frame.columns) == list(kept[1])
    assert frame["draw"].tolist() == [3, 3, 5, 5]
    for outcome in TOTALS:
        assert np.array_equal(frame[outcome.name].to_numpy(), kept[1][outcome.name], equal_nan=True)
    weekly = np.stack(list(frame["weekly.adopted"]))
    assert np.array_equal(weekly, kept[1]["weekly.adopted"].reshape(4, -1), equal_nan=True)


def test_polars(kept: tuple[Path, Table]) -> None:
    import polars as pl

    frame = pl.read_parquet(parquet(kept[0]))
    assert frame.columns == list(kept[1])
    assert frame["replicate"].to_list() == [0, 1, 0, 1]
    assert np.array_equal(frame["climbs"].to_numpy(), kept[1]["climbs"])
    assert np.array_equal(np.stack(frame["weekly.adopted"].to_list()), kept[1]["weekly.adopted"].reshape(4, -1))


def test_duckdb(kept: tuple[Path, Table]) -> None:
    import duckdb

    rows = duckdb.sql(f"select draw, replicate, climbs, \"weekly.adopted\"[1] from '{parquet(kept[0])}'").fetchall()
    assert [row[:3] for row in rows] == list(zip([3, 3, 5, 5], [0, 1, 0, 1], kept[1]["climbs"].tolist(), strict=True))
    assert [row[3] for row in rows] == kept[1]["weekly.adopted"][:, 0, 0].tolist()


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R isn't installed here")
def test_r(kept: tuple[Path, Table], tmp_path: Path) -> None:
    """Base R reads the CSV without a word about types; its reading of decimals may miss the last bit, hence 1e-15."""
    folder, table = kept
    Database(entries(folder)[0]).write("select * from runs order by draw, replicate", tmp_path / "runs.csv")
    code = """
        d <- read.csv(commandArgs(TRUE)[1])
        cat(names(d)[sapply(d, is.character)], "\n")
        for (name in c("draw", "climbs", "trust", "weeks_to_half")) cat(sprintf("%.17g", d[[name]]), "\n")
    """
    command = ["Rscript", "-e", code, str(tmp_path / "runs.csv")]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert lines[0].split() == ["scenario", "name", "hash", "kind", "draws", "current"]
    for name, line in zip(("draw", "climbs", "trust", "weeks_to_half"), lines[1:], strict=True):
        read = np.array([float(word) for word in line.split()])
        np.testing.assert_allclose(read, table[name], rtol=1e-15, atol=0)


def test_every_column_tells_its_unit(kept: tuple[Path, Table]) -> None:
    """As any reader of Parquet finds it: Arrow's field metadata, through pyarrow and through DuckDB."""
    import duckdb
    import pyarrow.parquet as pq

    schema = pq.read_schema(parquet(kept[0]))
    expected = {o.name: o.unit for o in TOTALS} | {f"weekly.{o.name}": o.unit for o in WEEKLY}
    told = {field.name: (field.metadata or {}).get(b"unit", b"").decode() for field in schema}
    assert told == {"draw": "", "replicate": "", **expected}
    stored = duckdb.sql(f"select key from parquet_kv_metadata('{parquet(kept[0])}')").fetchall()
    assert set(stored) == {(b"ARROW:schema",), (b"grassroots.identity",), (b"grassroots.keys",)}


def test_views_and_csv_hold_the_same_numbers(kept: tuple[Path, Table], tmp_path: Path) -> None:
    folder, table = kept
    database = Database(entries(folder)[0])
    assert database.views == ["runs", "weekly", "draws", "all_runs", "all_weekly", "all_draws"]
    names, rows, more = database.ask("select draw, replicate, climbs, current from runs order by all", 3)
    assert names == ["draw", "replicate", "climbs", "current"]
    assert more
    assert rows[0] == (3, 0, table["climbs"][0], True)
    sql = """select draw, replicate, week, "group", adopted from weekly order by draw, replicate, week"""
    _, weekly, _ = database.ask(sql, 10_000)
    assert len(weekly) == 4 * WEEKS * 4
    by_place = {row[:4]: row[4] for row in weekly}
    for at, (draw, replicate) in enumerate([(3, 0), (3, 1), (5, 0), (5, 1)]):
        mine = table["weekly.adopted"][at]
        for week in range(WEEKS):
            for g, group in enumerate(("all", "local", "newcomer", "member")):
                assert by_place[draw, replicate, week, group] == mine[week, g]
    _, values, _ = database.ask('select draw, "household.predisposition" from draws order by draw', 9)
    assert values == [(3, 1.0), (5, -1.0)]
    database.write("select * from runs order by draw, replicate", tmp_path / "runs.csv")
    with (tmp_path / "runs.csv").open(newline="") as stream:
        read = list(csv.DictReader(stream))
    assert [float(row["trust"]) for row in read] == table["trust"].tolist()
    with pytest.raises(InputError, match=r"SQL: .*nowhere.*views: runs, weekly, draws"):
        database.ask("select * from nowhere", 1)
    with pytest.raises(InputError, match="SQL: "):
        database.ask("select adopted adopted adopted", 1)


def test_the_ema_workbench_runs_the_model() -> None:
    """Its experiments are single runs with those values; uncertainties are the priors, and levers stay apart."""
    from ema_workbench import Policy, SequentialEvaluator

    gifts = [Policy(f"{yuan}", interventions__donation__yuan=yuan) for yuan in (5_000.0, 40_000.0)]
    priors = load_priors()
    scenario = load_scenario("donation", SMALL)
    levers = {"interventions.donation.yuan": (0.0, 50_000.0)}
    model = ema_model(scenario, levers, ("climbs", "yuan"), priors=priors, replicates=2, seed=3, weeks=WEEKS)
    assert [u.name for u in model.uncertainties] == [prior.key.replace(".", "__") for prior in priors]
    assert [u.lower_bound for u in model.uncertainties] == [prior.low for prior in priors]
    with SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=2, policies=gifts)
    assert len(experiments) == 4
    for at in range(4):
        row = experiments.iloc[at]
        values = {key: float(row[key.replace(".", "__")]) for key in (*(p.key for p in priors), *levers)}
        totals = [run(with_values(scenario, values), 3, replicate, WEEKS).totals for replicate in (0, 1)]
        for outcome in ("climbs", "yuan"):
            assert outcomes[outcome][at] == np.mean([t[outcome] for t in totals])
    assert len(set(outcomes["yuan"].tolist())) >= 2


@pytest.mark.parametrize(
    ("levers", "outcomes", "told"),
    [
        ({"interventions.donation.yaun": (0.0, 1.0)}, ("adopted",), "did you mean 'interventions.donation.yuan'"),
        ({"interventions.donation.yuan": (0.0, 1.0)}, ("adoptd",), "did you mean 'adopted'"),
        ({"interventions.donation.yuan": (1.0, 1.0)}, ("adopted",), "is empty"),
        ({"interventions.donation.match": (0.0, 1e9)}, ("adopted",), "match"),
        ({load_priors()[0].key: (0.0, 1.0)}, ("adopted",), "both an uncertainty and a lever"),
    ],
)
def test_a_wrong_model_for_the_workbench_is_told(
    levers: dict[str, tuple[float, float]], outcomes: tuple[str, ...], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        ema_model("donation", levers, outcomes)
