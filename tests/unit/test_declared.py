"""What is declared has the same rows in every process, whatever is imported first, and unknown names are refused."""

from __future__ import annotations

import subprocess
import sys

import pytest
from own_process import environment

from sim.base.declared import Declared
from sim.engine import tallies
from sim.engine.now import named_value
from sim.engine.tallies import MEASURES, TALLIES, Tally
from sim.interventions import NAMED_VALUES

ROWS = "from sim.engine.tallies import MEASURES, TALLIES; print([*TALLIES], [*MEASURES])"


@pytest.mark.parametrize(
    "first",
    ["engine.mechanisms.works", "engine.world.build", "engine.tallies", "engine.programme", "mesa_view.model", "cli"],
)
def test_rows_are_the_same_whatever_is_imported_first(first: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import sim.{first}; {ROWS}"], capture_output=True, text=True, env=environment()
    )
    assert (done.stdout, done.stderr) == (f"{[*TALLIES]} {[*MEASURES]}\n", "")


def test_every_row_is_one_tally_s() -> None:
    for table in (TALLIES, MEASURES):
        assert [one.row for one in table.values()] == list(range(len(table)))
        assert all(one.unit and one.meaning and name == one.name for name, one in table.items())
    assert not set(TALLIES) & set(MEASURES)


def test_a_group_is_its_rows_and_a_misspelt_name_tells_the_nearest() -> None:
    given = [name for name, one in TALLIES.items() if one.group == "given"]
    assert [*TALLIES][tallies.rows("given")] == given == [f"given_{use}" for use in (
        "works", "hauling", "awards", "charity", "budget")]  # fmt: skip
    with pytest.raises(KeyError, match="there is no tally 'vists', did you mean 'visits'"):
        tallies.row("vists")
    with pytest.raises(KeyError, match="there is no measure 'trst', did you mean 'trust'"):
        tallies.measure_row("trst")


def test_a_name_is_declared_once_and_before_the_engine_is_complete() -> None:
    with pytest.raises(ValueError, match=r"tally 'late' is declared too late: `sim\.engine` must import its module"):
        tallies.tally("late", "visits", "too late")
    table = Declared[Tally]("tally")
    table.add(Tally("calls", 0, "calls", "calls"))
    with pytest.raises(ValueError, match="tally 'calls' is declared twice"):
        table.add(Tally("calls", 1, "calls", "calls"))


def test_a_misspelt_named_value_fails_where_it_is_asked_for() -> None:
    assert named_value("message") == NAMED_VALUES["message"].row == 1
    with pytest.raises(KeyError, match="there is no named value 'mesage', did you mean 'message'"):
        named_value("mesage")
