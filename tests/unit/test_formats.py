"""Formats: the names that --format takes, pictures and tables in each, and what a kept report has of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest
from command_line import SETS, command
from figure_tables import LABELS, curves_table

from sim.base.errors import InputError
from sim.figures import outcome_curves, save
from sim.figures.output import WRITERS
from sim.report.formats import PICTURES, TABLES, USUAL, formats_of

TABLE = pd.DataFrame({"name": ["a_b & c", "50 %|x"], "value": [0.1234567, float("nan")], "n": [20, 3]})
LINE = ["attribute", "veteran_role_model_and_donation", "--replicates", "2", "--weeks", "4", "--quiet", *SETS]


def test_formats_are_read_once_each_and_unknown_ones_refused() -> None:
    assert formats_of(None) == USUAL
    assert formats_of("PDF, md,pdf") == ("pdf", "md")
    with pytest.raises(InputError, match="unknown format 'pgn', did you mean 'png'"):
        formats_of("pgn")
    assert tuple(WRITERS) == PICTURES


def test_tables_are_written_for_people_and_for_latex() -> None:
    assert TABLES["csv"](TABLE).decode().splitlines() == ["name,value,n", "a_b & c,0.123457,20", "50 %|x,,3"]
    assert TABLES["md"](TABLE).decode().splitlines() == [
        "| name | value | n |", "| --- | --- | --- |", "| a_b & c | 0.123457 | 20 |", "| 50 %\\|x |  | 3 |",
    ]  # fmt: skip
    lines = TABLES["latex"](TABLE).decode().splitlines()
    assert lines[0] == r"\begin{tabular}{lrr}" and lines[4] == r"a\_b \& c & 0.123457 & 20 \\"
    assert lines[5] == r"50 \%|x &  & 3 \\" and lines[-1] == r"\end{tabular}"


def test_a_workbook_holds_the_table_or_the_line_says_what_to_install() -> None:
    if importlib.util.find_spec("openpyxl") is None:
        with pytest.raises(InputError, match=r"pip install 'grassroots\[excel\]'"):
            TABLES["xlsx"](TABLE)
        return
    assert TABLES["xlsx"](TABLE).startswith(b"PK")


def test_a_pdf_has_the_same_bytes_every_time_and_no_date(tmp_path: Path) -> None:
    first, second = (
        save(outcome_curves(curves_table(), labels=LABELS), tmp_path / name, ["pdf"])[0].read_bytes() for name in "ab"
    )
    assert first == second and first.startswith(b"%PDF") and b"Date" not in first


def test_a_report_has_the_formats_asked_for_and_keeps_those_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = [*LINE, "--results", str(tmp_path)]

    def endings() -> set[str]:
        (folder,) = (tmp_path / "veteran_role_model_and_donation-shares").iterdir()
        return {path.suffix for path in folder.iterdir() if path.stem == "shares"} - {".parquet"}

    assert command([*line, "--format", "pdf,md"], monkeypatch) == 0
    assert endings() == {".pdf", ".md"}
    assert command([*line, "--format", "latex"], monkeypatch) == 0
    assert endings() == {".pdf", ".md", ".tex"}
    monkeypatch.setattr("sim.analysis.shapley.run", lambda *_, **__: pytest.fail("it ran again"))
    assert command([*line, "--format", "md"], monkeypatch) == 0
    capsys.readouterr()
    assert command([*line, "--format", "doc"], monkeypatch) == 2
    assert "unknown format 'doc'" in capsys.readouterr().err


def test_a_plot_is_drawn_in_the_formats_of_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["plot", "baseline", "--weeks", "2", "--out", str(tmp_path), *SETS]
    assert command([*line, "--format", "svg"], monkeypatch) == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".svg"}
    assert command([*line, "--format", "csv"], monkeypatch) == 2
    assert "--format: plot draws pictures: png, svg, pdf" in capsys.readouterr().err
