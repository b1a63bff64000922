"""A comparison whose page the tests read: four scenarios, one of them a file whose title has signs that HTML knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli import app

MINE = """\
extends: donation
title: A <b>smaller</b> gift & "thanks"</script><script>alert(1)</script>
interventions:
  - {name: donation, yuan: {value: 1.0e+5, assumption: a fifth of the <gift>}}
"""


@dataclass(frozen=True)
class Kept:
    """A comparison that was made by the command, and its page."""

    root: Path
    folder: Path
    page: Path

    @property
    def html(self) -> str:
        return self.page.read_text(encoding="utf-8")


def command(*arguments: Any) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    root = tmp_path_factory.mktemp("page")
    mine = root / "mine.yaml"
    mine.write_text(MINE, encoding="utf-8")
    results, page = root / "results", root / "report.html"
    command("compare", "baseline", "veteran_role_model", mine, "veteran_role_model_and_donation",
            "--replicates", 20, "--results", results, "--quiet")  # fmt: skip
    (folder,) = (results / "comparison").iterdir()
    command("report", folder, "-o", page)
    yield Kept(results, folder, page)
