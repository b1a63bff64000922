"""Bad input to any command is one line and exit code 2, and leaves nothing behind. The corpus is tests/corpus/commands.txt."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from command_line import command
from corpora import CORPUS, corpus


@pytest.mark.parametrize(("told", "arguments"), corpus("commands.txt"))
def test_bad_input_is_one_line(
    told: str, arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(CORPUS / "files", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.base.memory.free_memory", lambda: 4_000_000_000)  # on every machine
    Path("results").mkdir()
    before = sorted(tmp_path.rglob("*"))
    assert command(shlex.split(arguments), monkeypatch) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert len(captured.err.splitlines()) == 1, captured.err
    assert captured.out == ""
    assert sorted(tmp_path.rglob("*")) == before
