"""Tables of draws: read back to the bit, by number, and refused in one line where they are broken."""

from __future__ import annotations

from ast import literal_eval
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from corpora import corpus
from hypothesis import given
from hypothesis import strategies as st

from sim.base.errors import InputError
from sim.runs import Request
from sim.scenario import load_scenario, with_values
from sim.uncertainty.draw_table import DrawTable, load_draw_table

KEYS = ("household.persuasion", "household.habit")
GOOD = "draw,household.persuasion,note,household.habit\n7,0.5,x,2\n3,0.25,y,1\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "some.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_without_a_dot_are_notes_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    table = load_draw_table(written(tmp_path, GOOD))
    assert table.keys == KEYS
    assert list(table.rows()) == [
        (7, {"household.persuasion": 0.5, "household.habit": 2.0}),
        (3, {"household.persuasion": 0.25, "household.habit": 1.0}),
    ]
    assert (len(table), len(table.head(1)), table.head(1).numbers.tolist()) == (2, 1, [7])


def test_asked_for_keys_come_in_the_order_asked(tmp_path: Path) -> None:
    table = load_draw_table(written(tmp_path, GOOD), KEYS[::-1])
    assert table.values.tolist() == [[2.0, 0.5], [1.0, 0.25]]


@given(
    values=st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2), min_size=1, max_size=9),
    first=st.integers(0, 10**6),
)
def test_a_table_is_read_back_to_the_bit(
    values: list[tuple[float, float]], first: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("draws") / "mine.csv"
    table = DrawTable("mine", KEYS, np.arange(first, first + len(values)), np.array(values))
    table.write(path)
    again = load_draw_table(path)
    assert (again.name, again.keys) == ("mine", KEYS)
    assert again.numbers.tolist() == table.numbers.tolist()
    assert again.values.tobytes() == table.values.tobytes()


@pytest.mark.parametrize(("told", "text"), corpus("draw_tables.txt"))
def test_a_table_is_read_or_told_in_one_line(tmp_path: Path, told: str, text: str) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(literal_eval(text).encode("utf-8", "surrogateescape"))
    if told.startswith("ok "):
        table = load_draw_table(path)
        read = {int(number): row.tolist() for number, row in zip(table.numbers, table.values, strict=True)}
        assert read == literal_eval(told[3:])
        return
    with pytest.raises(InputError) as caught:
        load_draw_table(path)
    assert str(caught.value) == f"{path}{told}"


def test_every_draw_of_a_file_is_checked_before_the_first_run(tmp_path: Path) -> None:
    path = written(tmp_path, "draw,household.climb_rate,household.slip_rate\n7,0.5,0.1\n3,0.25,0.1\n9,0.8,0.7\n")
    table = load_draw_table(path)
    with pytest.raises(InputError, match=r"some\.csv: draw 9: household: climb_rate \+ slip_rate is 1\.5, but may be"):
        Request.of({"baseline": load_scenario("baseline")}, 1, 0, 4, table)
    Request.of({"baseline": load_scenario("baseline")}, 1, 0, 4, table.head(2))
    with pytest.raises(InputError, match=r"draw 7: unknown key 'household\.climb', did you mean"):
        replace(table, keys=("household.climb", "household.slip_rate")).check(load_scenario("baseline"))


def test_a_made_table_is_checked_by_its_first_draw() -> None:
    made = DrawTable("design", ("household.own_yard",), np.arange(2), np.array([[0.5], [7.0]]))
    made.check(load_scenario("baseline"))
    with pytest.raises(InputError, match=r"design: draw 1: household\.own_yard is 7; it must be a number from 0 to 1"):
        replace(made, numbers=made.numbers[1:], values=made.values[1:]).check(load_scenario("baseline"))


def test_a_misspelt_column_or_table_gets_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no column 'household\.habits', did you mean 'household\.habit'\?"):
        load_draw_table(written(tmp_path, GOOD), ["household.habits"])
    with pytest.raises(InputError, match="--draws: no table of draws is called 'posteriour'"):
        load_draw_table("posteriour")
    with pytest.raises(InputError, match="can't be read: No such file"):
        load_draw_table(tmp_path / "gone.csv")


def test_a_whole_float_is_a_whole_number() -> None:
    changed = with_values(load_scenario("baseline"), {"weeks": 3.0, "household.habit": 2.5})
    assert (changed.weeks, changed.household.habit) == (3, 2.5) and type(changed.weeks) is int
