"""The commands attribute and optimise, in this process: what they print and keep, and mistakes in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import sim.cli
from sim.scenario import load_scenario

VILLAGE = {"households": 60, "party_members": 6, "volunteers": 2, "worthies": 2, "representatives": 3}
SMALL = [word for name, value in VILLAGE.items() for word in ("--set", f"village.{name}={value}")]


def command(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["grassroots", *arguments])
    with pytest.raises(SystemExit) as stop:
        sim.cli.main()
    return int(stop.value.code or 0)


def test_attribute_shares_out_and_finds_its_runs_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["attribute", "campaign", "--replicates", "3", "--weeks", "30", "--results", str(tmp_path), *SMALL]
    assert command([*call, "--preview"], monkeypatch) == 0
    assert "3 replicates x 8 scenario(s) = 24 runs of 30 weeks, 0 of them stored already" in capsys.readouterr().out
    assert command(call, monkeypatch) == 0
    first = capsys.readouterr()
    assert "Shapley shares" in first.out and "the whole programme" in first.out
    for name in ("household_contact", "role_model", "volunteer_team"):
        assert name in first.out
    assert command(call, monkeypatch) == 0
    again = capsys.readouterr()
    assert again.out == first.out and not again.err  # the kept report
    assert {path.name for path in tmp_path.glob("campaign-shares/*/*")} == {
        "manifest.json", "files.parquet", "shares.csv", "shares.parquet", "shares.png", "shares.svg", "values.parquet"
    }  # fmt: skip
    assert command([*call, "--outcome", "clean"], monkeypatch) == 0  # another report over the same runs
    assert "24/24 runs (24 found)" in capsys.readouterr().err


def test_optimise_tells_its_cost_finds_a_mix_and_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["optimise", "campaign", "--budget-yuan", "0", "--budget-hours", "100", "--mix", "household_contact",
            "--mix", "role_model", "--trials", "4", "--finalists", "1", "--luck", "8", "--judged", "3",
            "--replicates", "1", "--results", str(tmp_path), *SMALL]  # fmt: skip
    assert command([*call, "--preview"], monkeypatch) == 0
    told = capsys.readouterr().out
    assert "at most" in told and "household_contact" in told and "volunteer_team" not in told
    assert "kB of memory, on each of" in told
    assert not list(tmp_path.glob("*/*/policy.yaml"))
    assert command(call, monkeypatch) == 0
    first = capsys.readouterr().out
    (file,) = tmp_path.glob("campaign-policy/*/policy.yaml")
    content = {path.name: path.read_bytes() for path in file.parent.iterdir()}
    assert load_scenario(file).weeks == 26 + 52
    assert command(call, monkeypatch) == 0
    again = capsys.readouterr()
    assert again.out == first and again.err == ""  # the kept report
    assert {path.name: path.read_bytes() for path in file.parent.iterdir()} == content


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["attribute", "campaign", "--outcome", "adoptd"], "did you mean 'adopted'"),
        (["attribute", "baseline"], "has 0 active ones"),
        (["attribute", "baseline", "--mechanisms"], "no active intervention"),
        (["optimise", "vilage", "--budget-yuan", "1", "--budget-hours", "1"], "did you mean 'village'"),
        (["optimise", "village", "--budget-yuan", "-1", "--budget-hours", "1"], "budget-yuan"),
        (
            ["optimise", "village", "--budget-yuan", "1", "--budget-hours", "1", "--mix", "donatio"],
            "did you mean 'donation'",
        ),
        (
            ["optimise", "village", "--budget-yuan", "1", "--budget-hours", "1", "--draws", "nowhere.csv"],
            "can't be read",
        ),
        (["optimise", "village", "--budget-hours", "1"], "budget-yuan"),
    ],
)
def test_mistakes_are_one_line_and_nothing_is_written(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command([*arguments, "--results", str(tmp_path / "results")], monkeypatch) == 2
    message = capsys.readouterr().err
    assert told in message and len(message.strip().splitlines()) == 1
    assert not (tmp_path / "results").exists()
