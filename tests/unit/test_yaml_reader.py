"""The strict YAML reader: what it reads, the line of everything, and all that it refuses, where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.base.errors import InputError
from sim.base.yaml_reader import MAX_BYTES, MAX_DEPTH, Node, parse_yaml, read_yaml, scalar


def plain(text: str) -> Any:
    return parse_yaml(text, "x.yaml").plain()


def refused(text: str) -> str:
    with pytest.raises(InputError) as error:
        parse_yaml(text, "x.yaml")
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


def test_a_tree_of_everything() -> None:
    text = "a: 1\nb:\n  - x\n  - {c: 2.5, d: [true, null]}\n'e f': \"1\"\ng: |\n  two\n  lines\n"
    assert plain(text) == {"a": 1, "b": ["x", {"c": 2.5, "d": [True, None]}], "e f": "1", "g": "two\nlines\n"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("-3", -3), ("+7", 7), ("0123", 123), ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e-3", 0.001),
     ("5.0e+5", 500_000.0), ("1E3", 1000.0), ("true", True), ("false", False), ("null", None), ("~", None), ("", None),
     ("no", "no"), ("yes", "yes"), ("on", "on"), ("True", "True"), ("1_000", "1_000"), ("0x1f", "0x1f"), ("1:30", "1:30"),
     ("2024-01-01", "2024-01-01"), ("1e", "1e"), ("-", "-"), (".", "."), ("1.2.3", "1.2.3"), ("1e99999", "1e99999"),
     ("9" * 19, float("9" * 19)), ("nan", "nan"), ("村", "村")],
)  # fmt: skip
def test_plain_scalars_are_yaml_1_2_s(text: str, value: Any) -> None:
    found = scalar(text)
    assert found == value
    assert type(found) is type(value)


@given(st.integers(-(10**17), 10**17))
def test_whole_numbers_come_back(value: int) -> None:
    assert plain(f"x: {value}") == {"x": value}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back(value: float) -> None:
    """Python's shortest text of a float is a number again, to the bit; in whole numbers as an int or a float."""
    assert plain(f"x: {value!r}") == {"x": value}


def test_quoted_numbers_are_text() -> None:
    assert plain("a: '1'\nb: \"true\"") == {"a": "1", "b": "true"}


def test_every_value_knows_its_line() -> None:
    root = parse_yaml("# a comment\na: 1\n\nb:\n  c: 2\n  d:\n    - x\n    - y\n", "f.yaml")
    assert isinstance(root.value, dict)
    b = root.value["b"]
    d = b.value["d"]
    assert (root.value["a"].line, b.line, b.value["c"].line, d.line) == (2, 4, 5, 6)
    assert [node.line for node in d.value] == [7, 8]
    assert {root.file, b.file, d.file} == {"f.yaml"}
    assert str(d.value[1].error("is wrong")) == "f.yaml:8: is wrong"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [("a: 1\nb: 2\na: 3\n", 3, "duplicate key 'a' (first on line 1)"), ("x:\n  a: 1\n  a: 1\n", 3, "duplicate key"),
     ("a: &x 1\nb: *x\n", 1, "anchors and aliases"), ("a: *x\n", 1, "anchors and aliases"), ("a: !!int 3\n", 1, "tag"),
     ("a: !python/object:os.system x\n", 1, "tag"), ("a: 1\n---\nb: 2\n", 2, "more than one"), ("a:\n\t- 1\n", 2, "tab"),
     ("? [a]\n: 1\n", 1, "a key must be a word"), ("? {a: 1}\n: 1\n", 1, "a key must be a word"),
     ("a: [1, 2\n", 2, "isn't valid YAML"), ("a: 'x\n", 2, "isn't valid YAML"), ("a: b: c\n", 1, "isn't valid YAML"),
     ("- " * (MAX_DEPTH + 1) + "x\n", 1, "nested deeper"), ("[" * 20_000, 1, "nested deeper"), ("&a x\n", 1, "anchors"),
     ("<<: {a: 1}\na: !x 1\n", 2, "tag")],
)  # fmt: skip
def test_what_a_scenario_must_not_contain_is_refused_where_it_stands(text: str, line: int, told: str) -> None:
    message = refused(text)
    assert message.startswith(f"x.yaml:{line}: ")
    assert told in message


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null\n", "\n\n"])
def test_nothing_is_told_as_empty(text: str) -> None:
    assert refused(text) == "x.yaml: is empty"


def test_the_deepest_that_is_allowed_is_read() -> None:
    found = plain("[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH)
    for _ in range(MAX_DEPTH):
        (found,) = found
    assert found == 1


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_a_line(text: str) -> None:
    """Never another exception, never two lines."""
    try:
        parse_yaml(text, "x")
    except InputError as error:
        assert len(str(error).splitlines()) == 1


def test_files_that_can_t_be_read_are_told(tmp_path: Path) -> None:
    cases: list[tuple[Path, str]] = [(tmp_path, "is a folder"), (tmp_path / "none.yaml", "can't be read")]
    big = tmp_path / "big.yaml"
    big.write_bytes(b"a: " + b"x" * MAX_BYTES)
    cases.append((big, "bytes"))
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    cases.append((latin, "isn't UTF-8"))
    for path, told in cases:
        with pytest.raises(InputError) as error:
            read_yaml(path)
        assert told in str(error.value)
        assert str(path) in str(error.value)
    with pytest.raises(InputError, match=r"latin\.yaml:2: "):
        read_yaml(latin)


def test_a_file_is_read_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "ok.yaml"
    path.write_text("村: 1\n", encoding="utf-8")
    root = read_yaml(path)
    assert root == Node({"村": Node(1, str(path), 1)}, str(path), 1)
