"""The page of a comparison: it says what the kept tables say, needs no network, and shows text as text."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from sim.analysis.typical import typical_replicate
from sim.cli import app
from sim.engine.outcomes import GROUPS
from sim.page.data import embedded, letters_of
from sim.page.findings import sentences
from sim.page.frame import CITATION
from sim.report.text_tables import amount
from sim.runs.single import run
from tests.page.conftest import Kept, command
from tests.page.test_replay import unpacked

LABELS = ["baseline", "veteran_role_model", "mine", "veteran_role_model_and_donation"]


def data_of(kept: Kept) -> dict:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', kept.html, re.S)
    return json.loads(text)


def table(kept: Kept, name: str) -> pd.DataFrame:
    return pd.read_parquet(kept.folder / f"{name}.parquet")


def test_the_page_is_one_light_file_without_addresses_to_load(kept: Kept) -> None:
    assert kept.page.stat().st_size <= 300_000
    assert not re.search(r"<(?:script|img|link|iframe)[^>]*\s(?:src|href)=", kept.html)
    assert "url(" not in kept.html and "@import" not in kept.html
    assert "default-src 'none'" in kept.html


def test_titles_and_evidence_stand_as_text(kept: Kept) -> None:
    assert "<script>alert" not in kept.html
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in kept.html
    assert "a fifth of the &lt;gift&gt;" in kept.html
    assert kept.html.count("</script>") == 2


def test_what_is_found_is_what_the_table_of_effects_says(kept: Kept) -> None:
    effects = table(kept, "effects")
    for _, row in effects[effects["outcome"] == "adopted"].iterrows():
        low, high = amount(row["low"], "share"), amount(row["high"], "share")
        sentence = f"{amount(row['difference'], 'share')} percentage points more, 95 % interval {low} to {high}."
        assert sentence in kept.html and f"{low}至{high}" in kept.html
    for _, row in effects.iterrows():
        assert f"<b>{amount(row['difference'], row['unit'], True)}</b>" in kept.html


def row_of(**numbers: object) -> pd.DataFrame:
    row = {"scenario": "b", "outcome": "adopted", "mean": 0.2, "reference_mean": 0.1, "difference": 0.1}
    return pd.DataFrame([row | {"low": 0.05, "high": 0.15, "verdict": "more"} | numbers])


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({}, "10.0 percentage points more, 95 % interval 5.0 to 15.0."),
        ({"difference": -0.1, "low": -0.15, "high": -0.05, "verdict": "less"},
         "10.0 percentage points less, 95 % interval 5.0 to 15.0."),
        ({"verdict": "perhaps more"},
         "a difference of +10.0 percentage points, 95 % interval +5.0 to +15.0; verdict: perhaps more."),
        ({"low": np.nan, "high": np.nan, "verdict": "too few pairs to tell"},
         "Nothing is claimed about the difference: too few pairs to tell."),
    ],
)  # fmt: skip
def test_a_sentence_claims_no_more_than_the_verdict(numbers: dict, said: str) -> None:
    titles = {"b": {"en": "B", "zh": "乙"}}
    (sentence,) = sentences(row_of(**numbers), titles, {"en": "A", "zh": "甲"})
    assert sentence["en"].startswith("B: 20.0\u00a0% of households have adopted, against 10.0\u00a0% with “A”")
    assert sentence["en"].endswith(said)
    assert sentence["zh"].startswith("乙")


def test_scenarios_of_one_title_are_told_apart(tmp_path: Path) -> None:
    options = ["--replicates", "2", "--weeks", "3", "--results", tmp_path / "results"]
    command("compare", "places/dabu", "--name", "dabu", "--quiet", *options)
    command("report", "dabu", "-o", tmp_path / "page.html", "--results", tmp_path / "results")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "compared with “places/dabu without programme”?" in text
    assert "grassroots compare places/dabu --replicates 2 --weeks 3" in text


def test_the_replayed_runs_are_those_of_the_kept_table(kept: Kept) -> None:
    data, totals = data_of(kept), table(kept, "totals")
    replicate = typical_replicate(totals, "baseline")
    assert f"Replicate {replicate} of seed 0" in kept.html
    for label, packed in zip(LABELS, data["runs"], strict=True):
        weeks = packed["weeks"]
        frames = np.cumsum(unpacked(packed["frames"]).reshape(-1, weeks), axis=1, dtype=np.uint8)
        (row,) = totals[(totals["scenario"] == label) & (totals["replicate"] == replicate)].to_dict("records")
        assert np.mean(frames[:, -1] & 3 >= 2) == row["adopted"]
        assert np.mean(frames[:, -1] >> 2) == row["clean"]
        assert packed["flows"]["yuan"][-1] == round(row["yuan"])
        assert packed["flows"]["hours"][-1] == round(row["hours"])


def test_every_week_of_a_replayed_run_is_that_of_the_run(kept: Kept) -> None:
    data = data_of(kept)
    replicate = typical_replicate(table(kept, "totals"), "baseline")
    weekly = run("veteran_role_model", 0, replicate).columns
    packed = data["runs"][1]
    frames = np.cumsum(unpacked(packed["frames"]).reshape(-1, packed["weeks"]), axis=1, dtype=np.uint8)
    assert (np.mean(frames & 3 >= 2, axis=0) == np.asarray(weekly["adopted"])[:: len(GROUPS)]).all()


def test_curves_are_those_of_the_kept_table(kept: Kept) -> None:
    curves = table(kept, "curves")
    for curve in data_of(kept)["curves"]:
        for label, packed in zip(LABELS, curve["of"], strict=True):
            mine = curves[
                (curves["outcome"] == curve["name"]) & (curves["scenario"] == label) & (curves["group"] == "all")
            ]
            for key, column in (("mean", "mean"), ("low", "q05"), ("high", "q95")):
                values = np.cumsum(unpacked(packed[key], np.int16)) / curve["scale"]
                assert np.abs(values - mine.sort_values("week")[column].to_numpy()).max() <= 0.5001 / curve["scale"]


def test_evidence_files_and_the_way_to_repeat_it_are_there(kept: Kept) -> None:
    manifest = json.loads((kept.folder / "manifest.json").read_text())
    assert manifest["hash"] in kept.html and manifest["inputs"]["model"] in kept.html
    assert "mine.yaml:4" in kept.html and "S18: 50 years" in kept.html
    assert "extends: donation" in kept.html
    command = "grassroots compare baseline veteran_role_model mine.yaml veteran_role_model_and_donation --replicates 20"
    assert manifest["command"] == command and f'<pre tabindex="0">{command}</pre>' in kept.html


def test_the_typical_replicate_of_two_scenarios_is_the_median_pair() -> None:
    totals = pd.DataFrame({
        "scenario": ["a", "b"] * 5, "replicate": np.repeat(range(5), 2),
        "adopted": [0.1, 0.2, 0.3, 0.6, 0.2, 0.35, 0.1, 0.5, 0.4, 0.6],
    })  # fmt: skip
    assert typical_replicate(totals, "a") == 4  # differences 0.1, 0.3, 0.15, 0.4, 0.2
    assert typical_replicate(totals[totals["scenario"] == "b"], "b") == 3  # 0.5 is the median of 0.2 to 0.6
    assert typical_replicate(totals[totals["replicate"] < 2], "a") == 0


def test_the_typical_replicate_where_nothing_differs_is_the_first() -> None:
    totals = pd.DataFrame({"scenario": ["a", "b"] * 3, "replicate": np.repeat(range(3), 2), "adopted": [0.1] * 6})
    assert typical_replicate(totals, "a") == 0


def test_json_in_a_page_cant_end_its_element() -> None:
    text = embedded({"title": "</script><!-- \u2028"})
    assert "<" not in text and "\u2028" not in text
    assert json.loads(text) == {"title": "</script><!-- \u2028"}


def test_the_citation_is_that_of_the_project() -> None:
    cited = yaml.safe_load((Path(__file__).parents[2] / "CITATION.cff").read_text(encoding="utf-8"))
    assert CITATION.startswith(cited["title"]) and cited["license"] in CITATION


def test_letters() -> None:
    assert letters_of(["x"] * 28)[-3:] == ["Z", "AA", "AB"]


@pytest.mark.parametrize("named", ["folder", "name", "folder of the name", "name and hash"])
def test_a_comparison_is_named_by_its_folder_or_name(kept: Kept, tmp_path: Path, named: str) -> None:
    which = {
        "folder": kept.folder, "name": "comparison", "folder of the name": kept.folder.parent,
        "name and hash": f"comparison/{kept.folder.name[:6]}",
    }[named]  # fmt: skip
    command("report", which, "-o", tmp_path / "page.html", "--results", kept.root)
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == kept.html


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["comparision"], "did you mean 'comparison'"),
        (["comparison", "-o", "page.pdf"], "has to end in .html"),
    ],
)
def test_what_has_no_page_is_one_line(kept: Kept, arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(app, ["report", *arguments, "--results", str(kept.root)])
    assert result.exit_code != 0
    assert message in str(result.exception) and "\n" not in str(result.exception)


def test_runs_that_are_gone_are_one_line(kept: Kept, tmp_path: Path) -> None:
    shutil.copytree(kept.root, tmp_path / "results")
    shutil.rmtree(tmp_path / "results" / "mine")
    result = CliRunner().invoke(app, ["report", "comparison", "--results", str(tmp_path / "results")])
    assert "the runs of 'mine' are gone; run the same command again" in str(result.exception)


def test_another_versions_comparison_is_one_line(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its runs would be replayed by another model than the one that made them."""
    monkeypatch.setattr("sim.commands.reporting.fingerprint", lambda _: "0" * 16)
    result = CliRunner().invoke(app, ["report", str(kept.folder)])
    assert "another version of grassroots made it; run the same command again" in str(result.exception)
