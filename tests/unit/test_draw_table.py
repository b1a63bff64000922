"""Tables of draws: read back to the bit, by number, and refused in one line where they are broken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.base.errors import InputError
from sim.scenario import load_scenario, with_values
from sim.uncertainty.draw_table import DrawTable, load_draw_table, values_by_key

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


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ":1: isn't a table of draws: its first column must be 'draw'"),
        ("household.habit\n1\n", ":1: isn't a table of draws: its first column must be 'draw'"),
        ("draw,household.habit\n", ": contains no draws"),
        ("draw,household.habit\n1,2\n1,3\n", ":3: draw 1 is listed twice"),
        ("draw,household.habit\n-1,2\n", ":2: draw -1 is below 0"),
        ("draw,household.habit\n1\n", ":2: has 1 values, but the first line names 2 columns"),
        (
            "draw,household.habit\n1,much\n",
            ":2: has text in place of a number (could not convert string to float: 'much')",
        ),
        ("draw,household.habit\n1,nan\n", ":2: has a value that isn't finite"),
    ],
)
def test_a_broken_table_is_told_in_one_line(tmp_path: Path, text: str, line: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load_draw_table(path)
    assert str(caught.value) == f"{path}{line}"


def test_a_misspelt_column_or_table_gets_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no column 'household\.habits', did you mean 'household\.habit'\?"):
        load_draw_table(written(tmp_path, GOOD), ["household.habits"])
    with pytest.raises(InputError, match="--draws: no table of draws is called 'posteriour'"):
        load_draw_table("posteriour")
    with pytest.raises(InputError, match="can't be read: No such file"):
        load_draw_table(tmp_path / "gone.csv")


def test_whole_numbers_of_a_draw_are_integers_again() -> None:
    values = values_by_key(("weeks", "household.habit"), np.array([3.0, 2.5]))
    assert values == {"weeks": 3, "household.habit": 2.5} and type(values["weeks"]) is int
    changed = with_values(load_scenario("baseline"), values)
    assert (changed.weeks, changed.household.habit) == (3, 2.5) and type(changed.weeks) is int
