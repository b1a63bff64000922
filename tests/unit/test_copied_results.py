"""Results folders that users copied, renamed, linked or put files into: what belongs is read, the rest is told in a line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from batches import batch
from command_line import SETS, SMALL, command

from sim.results.catalogue import entries, entry
from sim.results.names import folder_name
from sim.results.query import Database
from sim.scenario import load_scenario


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of three runs."""
    monkeypatch.chdir(tmp_path)
    batch({"baseline": load_scenario("baseline", SMALL)}, 3, 3, 4, tmp_path / "results")
    (item,) = entries(tmp_path / "results")[0]
    return item.folder


def test_a_renamed_copy_has_its_new_name_and_is_told_apart(folder: Path) -> None:
    shutil.copytree(folder.parent, folder.parents[1] / "copy")
    kept, errors = entries(folder.parents[1])
    assert errors == []
    assert [(item.name, item.runs) for item in kept] == [("baseline", 3), ("copy", 3)]
    _, rows, _ = Database(kept).ask("select scenario, count(*) from runs group by all order by all")
    assert rows == [("baseline", 3), ("copy", 3)]


def link_to_itself(folder: Path) -> None:
    (folder / "loop").symlink_to("loop")


def notes(folder: Path) -> None:
    (folder / "journal-notes.txt").write_text("mine")


@pytest.mark.parametrize("put", [link_to_itself, notes])
def test_other_files_in_a_folder_change_nothing(put: Callable[[Path], None], folder: Path) -> None:
    before = entry(folder)
    put(folder)
    assert (entry(folder).runs, entry(folder).unfinished) == (before.runs, False)


def test_a_broken_link_among_the_runs_is_told(folder: Path) -> None:
    path = folder / f"runs-{'0' * 20}.parquet"
    path.symlink_to("nowhere")
    _, errors = entries(folder.parents[1])
    assert [str(error) for error in errors] == [f"{path}: is a link to a file that is gone; remove it"]


def test_a_report_that_lacks_a_picture_is_made_again_and_a_changed_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["compare", "baseline", "donation", "--replicates", "2", "--weeks", "4", "--quiet", *SETS]
    assert command(arguments, monkeypatch) == 0
    printed = capsys.readouterr().out
    (picture,) = tmp_path.glob("results/comparison/*/map.png")
    content = picture.read_bytes()
    picture.unlink()
    assert command(arguments, monkeypatch) == 0
    assert capsys.readouterr().out == printed
    assert picture.read_bytes() == content
    picture.write_bytes(content + b"x")
    assert command(arguments, monkeypatch) == 2
    assert "map.png: was changed or is damaged; remove it and run again" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["con", "NUL.v2", "reference", "Reference", "-x", ".x"])
def test_names_that_a_system_keeps_for_itself_are_encoded(name: str) -> None:
    assert folder_name(name) == f"%{ord(name[0]):02X}{name[1:]}"
