"""Pages of all other analyses: they say what the kept tables say, need no network, and are made by one command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.analysis.calibration.result import OPEN
from sim.analysis.intervals import interval
from sim.analysis.shapley import ALL
from sim.cli import app
from sim.page.calibration import kept_page
from sim.page.story import Kept
from sim.report.text_tables import amount
from tests.page.conftest import ANALYSES

REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "08_what_the_documents_identify"


def page(root: Path, name: str) -> str:
    return (root / f"{name}.html").read_text(encoding="utf-8")


def table(root: Path, name: str, which: str) -> pd.DataFrame:
    (path,) = (root / "results" / name).glob(f"*/{which}.parquet")
    return pd.read_parquet(path)


@pytest.mark.parametrize("name", ANALYSES)
def test_a_page_is_one_file_with_its_command_and_hash(root: Path, name: str) -> None:
    text = page(root, name)
    assert len(text.encode()) <= 400_000
    assert not re.search(r"<(?:script|link|iframe)[^>]*\s(?:src|href)=|src=\"(?!data:)", text)
    (manifest,) = (json.loads(path.read_text()) for path in (root / "results" / name).glob("*/manifest.json"))
    assert manifest["hash"] in text and "How to cite" not in text and "To cite it" in text
    assert "No run is causal evidence" in text and "因果证据" in text
    if manifest["kind"] != "runs":
        assert f'<pre tabindex="0">{manifest["command"].replace("&", "&amp;")}</pre>' in text


def test_commands_are_those_that_were_typed_without_folders_and_threads(root: Path) -> None:
    assert (
        "grassroots sensitivity donation --against baseline --n 24 --over household.trust --over household.effort "
        "--weeks 12"
    ) in page(root, "screening")
    assert "grassroots optimise village --budget-yuan 200000 --budget-hours 2000 --trials 4" in page(
        root, "village-policy"
    )


def test_a_batch_says_its_mean_with_the_interval_of_its_runs(root: Path) -> None:
    (path,) = (root / "results" / "donation").glob("*/manifest.json")
    query = ["results", "query", "select adopted from runs where scenario='donation'", "--json", "--results",
             str(root / "results")]  # fmt: skip
    rows = json.loads(CliRunner().invoke(app, query).stdout)["tables"]["rows"]["rows"]
    found = interval(np.array([row["adopted"] for row in rows]))
    low, mean, high = (amount(found[name], "share") for name in ("low", "difference", "high"))
    text = page(root, "donation")
    assert path.exists() and len(rows) == 21
    assert f"after 12 weeks {mean} % of households have adopted on average" in text
    assert f"95 % interval of the mean {low} to {high}." in text
    assert 'id="viewer"' in text and "lies closest to the median" in text


def test_a_study_names_the_values_that_matter_most(root: Path) -> None:
    indices = table(root, "screening", "indices")
    ranked = indices[indices["index"] == "mu_star"].sort_values("value", ascending=False)
    first = ranked.iloc[0]
    assert f"1. {first['parameter']}: a step through the design moves the outcome by" in page(root, "screening")
    verdict = table(root, "screening", "verdict")["verdict"].iloc[0]
    assert ("isn&#39;t large enough" in page(root, "screening")) == ("not converged" in verdict)
    luck = table(root, "screening", "luck").iloc[0]
    assert ("too few points to tell how much" in page(root, "screening")) == np.isnan(luck["low"])


def test_shares_are_those_of_the_table_and_the_whole_is_there(root: Path) -> None:
    shares = table(root, "veteran_role_model_and_donation-shares", "shares")
    adopted = shares[shares["outcome"] == "adopted"]
    text = page(root, "veteran_role_model_and_donation-shares")
    for row in adopted.to_dict("records"):
        name = "The whole programme" if row["intervention"] == ALL else row["intervention"].replace("_", " ")
        low, high = (amount(row[end], "share", True) for end in ("low", "high"))
        assert f"{name}: {amount(row['share'], 'share', True)} percentage points" in text
        assert f"95 % interval {low} to {high}; verdict: {row['verdict']}." in text


def test_mechanisms_are_named_by_what_they_carry(root: Path) -> None:
    mechanisms = table(root, "veteran_role_model-mechanisms", "mechanisms")
    whole = mechanisms[mechanisms["mechanism"] == ""].iloc[0]
    text = page(root, "veteran_role_model-mechanisms")
    assert f"changes the outcome by {amount(whole['effect'], 'share', True)} percentage points" in text
    assert text.count('<th scope="row">') >= len(mechanisms) - 1


def test_a_policy_says_what_it_cant_be_told_from(root: Path) -> None:
    policies = table(root, "village-policy", "policies")
    (chosen,) = policies[policies["chosen"]].to_dict("records")
    text = page(root, "village-policy")
    assert f"with fresh luck {amount(chosen['kept'], 'share')} % of households" in text
    assert "Not told apart from it, or too few draws to tell: " in text and "Distinguishably worse" not in text
    assert "extends: baseline" in text


def test_a_calibration_counts_what_was_learnt_and_what_holds() -> None:
    names = ("fit", "marginals", "scores")
    tables = {name: pd.read_csv(REFERENCE / f"{name}.csv", keep_default_na=False, na_values=[""]) for name in names}
    tables["scores"] = tables["scores"].fillna({"wanted": ""})
    manifest = {"inputs": {"model": "m"}, "hash": "h", "commit": "c", "command": "", "files": {"marginals.svg": ""}}
    text = kept_page(Kept(None, manifest, tables, lambda name: (REFERENCE / name).read_bytes(), ()))  # type: ignore[arg-type]
    origin = json.loads((REFERENCE / "posterior.json").read_text())
    assert f"{origin['accepted']} of {origin['considered']:,} draws of the prior meet every band" in text
    assert f"{(tables['marginals']['verdict'] == OPEN).sum()} of {len(tables['marginals'])} values" in text
    held_out = tables["scores"][tables["scores"]["part"] == "held out"]
    good = (held_out["verdict"] == "reproduced").sum()
    assert f"{good} of {len(held_out)} are reproduced" in text
    assert text.count("data:image/svg+xml;base64,") == 1 and "A Python program made it" in text


def test_patterns_of_one_replicate_are_not_told(root: Path) -> None:
    verdicts = table(root, "patterns", "pattern_verdicts")
    assert set(verdicts["verdict"]) <= {"too few replicates to tell", "not measured yet"}
    text = page(root, "patterns")
    assert f"too few replicates to tell: {len(verdicts)} of {len(verdicts)} (P1, P2, " in text
    assert "Not reproduced: " not in text


def test_a_sweep_says_where_it_is_highest_and_where_it_beats_the_reference(root: Path) -> None:
    points = table(root, "sweep", "points")
    top = points.loc[points["mean"].idxmax()]
    more = points["verdict"].isin(["more", "more in every pair"]).sum()
    less = points["verdict"].isin(["less", "less in every pair"]).sum()
    text = page(root, "sweep")
    assert f"where it is {amount(top['mean'], 'share')} % on average" in text
    assert f"of 4 points {more} are more than “No programme”, {less} are less, and {4 - more - less} can" in text
    assert text.count("data:image/svg+xml;base64,") == 1


def test_what_has_no_page_is_one_line(root: Path) -> None:
    result = CliRunner().invoke(app, ["report", "attribute-runs", "--results", str(root / "results")])
    assert "'attribute-runs' is collection; pages show comparison, runs, sensitivity" in str(result.exception)
