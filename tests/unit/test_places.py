"""The places: each loads from anywhere, says what every value rests on, keeps to its dates, and runs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import sim.cli
from sim.analysis.compare import beside_none, label
from sim.analysis.pattern_measures import PLACES
from sim.engine.programme import active
from sim.engine.simulation import Simulation
from sim.scenario import load_scenario, provenance, scenarios_folder, without_programme

START = {
    "dungen": date(2019, 7, 1), "shangxi": date(2019, 12, 30), "dabu": date(2017, 1, 2), "jinqifeng": date(2019, 12, 30),
    "honggang": date(2018, 12, 31), "xiqiao": date(2018, 1, 1), "lishui": date(2019, 12, 30),
    "shanghai_society": date(2021, 12, 8), "nanhai": date(2021, 12, 8),
}  # fmt: skip
# What a document dates: place, intervention, its start, and the day or days between which it lies.
DATED = [
    ("dungen", "mobilisation_meeting", date(2021, 12, 24), date(2021, 12, 31)),
    ("shangxi", "recognition", date(2021, 12, 20), date(2021, 12, 31)),
    ("dabu", "first_secretary", date(2019, 12, 30), date(2020, 1, 5)),
    ("jinqifeng", "role_model", date(2020, 6, 27), date(2020, 6, 27)),
    ("honggang", "mobilisation_meeting", date(2020, 7, 1), date(2020, 7, 1)),
    ("xiqiao", "red_house", date(2018, 8, 29), date(2018, 8, 29)),
    ("xiqiao", "mobilisation_meeting", date(2018, 11, 15), date(2018, 11, 15)),
    ("lishui", "mobilisation_meeting", date(2020, 7, 1), date(2020, 7, 1)),
    ("nanhai", "ten_thousand", date(2022, 6, 1), date(2022, 6, 30)),
    ("shanghai_society", "mobilisation_meeting", date(2022, 6, 1), date(2022, 6, 30)),
]


@pytest.mark.parametrize("place", PLACES)
def test_every_value_of_a_place_rests_on_something(place: str) -> None:
    found = provenance(load_scenario(f"places/{place}"))
    assert any(value.file.endswith(f"{place}.yaml") for value in found.values())
    for key, value in found.items():
        assert value.shape.label or value.evidence.strip(), key


@pytest.mark.parametrize("place", PLACES)
def test_a_place_runs(place: str) -> None:
    scenario = load_scenario(f"places/{place}")
    simulation = Simulation(scenario, 1, 0, 10)
    simulation.advance(10)
    assert simulation.week == 10
    assert np.isfinite(simulation.totals).all()


@pytest.mark.parametrize("place", PLACES)
def test_interventions_begin_within_the_run_and_the_header_tells_week_0(place: str) -> None:
    scenario = load_scenario(f"places/{place}")
    assert all(item.start < scenario.weeks for item in scenario.interventions)
    text = " ".join((scenarios_folder() / "places" / f"{place}.yaml").read_text(encoding="utf-8").split("\n# "))
    told = re.search(r"Week 0 = (\d+ \w+ \d{4})", text)
    start = START[place]
    assert told is not None
    assert told[1] == f"{start.day} {start:%B %Y}"


@pytest.mark.parametrize(("place", "intervention", "first", "last"), DATED)
def test_a_dated_intervention_begins_in_the_week_of_its_date(
    place: str, intervention: str, first: date, last: date
) -> None:
    (item,) = (item for item in load_scenario(f"places/{place}").interventions if item.name == intervention)
    begins = START[place] + timedelta(weeks=item.start)
    assert begins <= last
    assert begins + timedelta(days=6) >= first


def test_without_its_programme_a_place_has_no_intervention() -> None:
    named = beside_none(label(["places/dungen"]))
    assert list(named) == ["places/dungen without programme", "places/dungen"]
    assert not active(named["places/dungen without programme"])
    assert without_programme(named["places/dungen"]).villages == named["places/dungen"].villages


def test_what_has_no_programme_or_company_stays_as_it_is() -> None:
    assert list(beside_none(label(["baseline"]))) == ["baseline"]
    assert list(beside_none(label(["baseline", "places/dabu"]))) == ["baseline", "places/dabu"]


def test_a_place_is_compared_with_itself_from_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [
        "compare",
        "places/dabu",
        "--replicates",
        "2",
        "--weeks",
        "4",
        "--results",
        str(tmp_path),
        "--jobs",
        "1",
    ]
    monkeypatch.setattr("sys.argv", ["grassroots", *arguments])
    with pytest.raises(SystemExit) as stop:
        sim.cli.main()
    assert not stop.value.code
    assert "places/dabu without programme" in capsys.readouterr().out
