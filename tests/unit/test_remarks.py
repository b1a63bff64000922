"""What is valid but perhaps not meant is said in a note, and an inherited intervention or village can be dropped."""

from __future__ import annotations

from ast import literal_eval
from pathlib import Path

import pytest
from command_line import command
from corpora import corpus

from sim.scenario import canonical, load_scenario, parse_set, remarks, with_values


@pytest.mark.parametrize(("told", "text"), corpus("remarks.txt"))
def test_a_remark(told: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(literal_eval(text), encoding="utf-8")
    scenario = load_scenario("mine.yaml")
    assert remarks(scenario) == ([] if told == "none" else [told])
    assert remarks(with_values(scenario, {"household.own_yard": 0.5})) == remarks(scenario)


def test_the_run_may_be_shorter_than_the_scenario() -> None:
    late = load_scenario("baseline", {"interventions": [{"kind": "role_model", "start": 50}]})
    assert (len(remarks(late)), len(remarks(late, 50)), len(remarks(late, 51))) == (0, 1, 0)


def test_the_size_may_be_set_by_an_option() -> None:
    (line,) = remarks(load_scenario("baseline", parse_set("village.households=400")))
    assert line.startswith(
        "--set: village.households is 400, but these keep the numbers of another size: party_members 125,"
    )


def test_a_dropped_intervention_was_never_there(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: donation\ntitle: No programme\ninterventions: [{kind: donation, drop: true}]\n")
    assert canonical(load_scenario(mine)) == canonical(load_scenario("baseline"))
    dropped = load_scenario("donation", [parse_set("interventions.donation.drop=true"), {"title": "No programme"}])
    assert canonical(dropped) == canonical(load_scenario("baseline"))


def test_commands_print_remarks_as_notes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [
        "check",
        "donation",
        "--set",
        "interventions.donation.start=200",
        "--set",
        "interventions.donation.stop=300",
    ]
    assert command(arguments, monkeypatch) == 0
    assert capsys.readouterr().err.startswith("note: --set: interventions.donation starts in week 200 and never acts")
    assert command([*arguments, "--quiet"], monkeypatch) == 0
    assert capsys.readouterr().err == ""
