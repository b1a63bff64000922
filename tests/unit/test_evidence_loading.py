"""Loading a register: what is refused, and that it is light; where an installed package has it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from own_process import OPENED, output_of

from sim.base import yaml_reader
from sim.base.errors import InputError
from sim.evidence import load_register, seeds_folder

DOCUMENTS = """\
- id: 900_x.txt
  short: "900"
  title: A title
  date: "2020-01-02"
  date_basis: stated
  place: Somewhere
  sha256: %s
  condition: Good
  caution: None
""" % ("a" * 64)
RECORD = """\
- id: S01
  document: "900"
  place: Somewhere
  value: 10
  unit: people
  measures: people
  date: "2020"
  date_basis: stated
  use: parameter
  locator: {section: One, paragraph: 1, quote_check: ten}
  paraphrase: Ten people.
  derived:
    half: {expression: S01 / 2, value: 5, unit: people}
    third: {expression: S01.half * 2 / 3, value: 3.33, rounding: 0.01, unit: people}
"""
PATTERN = """\
- id: P1
  statement: It happens
  documents: ["900"]
  records: [S01]
  use: fit
  bands:
    - {quantity: share, low: 0.1, high: 0.2, unit: share, basis: assumption}
"""
LITERATURE = """\
- id: L01
  mechanism: Something
  citation: Someone
  finding: Some effect
  status: from memory
  low: 0
  high: 1
  unit: logit
  parameters: []
"""
FILES = {
    "documents.yaml": DOCUMENTS,
    "records/900.yaml": RECORD,
    "patterns.yaml": PATTERN,
    "literature.yaml": LITERATURE,
}


def written(folder: Path, changes: Mapping[str, tuple[str, str]]) -> Path:
    """Write a small register with one text of a file replaced by another."""
    (folder / "records").mkdir()
    for name, text in FILES.items():
        old, new = changes.get(name, ("", ""))
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return folder


RECORDS = "records/900.yaml"
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "a field is missing": (RECORDS, "  place: Somewhere\n", "", "lacks the field 'place'"),
    "a field is unknown": (RECORDS, "  unit: people\n", "  units: people\n", "unknown field 'units' in a record, did"),
    "a use is unknown": (RECORDS, "use: parameter", "use: paramter", "did you mean 'parameter'?"),
    "a reason is missing": (RECORDS, "use: parameter", "use: not_usable", "'why' goes with"),
    "a reason is too much": (RECORDS, "use: parameter", "use: fit\n  why: Because", "'why' goes with"),
    "a document is unknown": (RECORDS, 'document: "900"', 'document: "901"', "did you mean '900'?"),
    "an id has no form": (RECORDS, "id: S01", "id: first", "right form"),
    "a date has no form": (RECORDS, 'date: "2020"', 'date: "in May"', "'date: in May' doesn't have the right form"),
    "a date is a number": (RECORDS, 'date: "2020"', "date: 2020", "'date' must be a text"),
    "a date rests on nothing": (RECORDS, "date_basis: stated", "date_basis: guessed", "'stated' or 'inferred'"),
    "a value is a text": (RECORDS, "value: 10", "value: ten", "'value' must be a finite number"),
    "a value is not finite": (RECORDS, "value: 10", "value: .nan", "'value' must be a finite number"),
    "a value lies outside": (RECORDS, "value: 10", "value: 10\n  low: 11", "is outside low..high"),
    "an interval is reversed": (RECORDS, "value: 10", "low: 3\n  high: 2", "'low' (3) is above 'high' (2)"),
    "a number has no unit": (RECORDS, "  unit: people\n", "", "has a number but no unit"),
    "there is no fact": (RECORDS, "  value: 10\n", "", "neither a value"),
    "a paragraph is zero": (RECORDS, "paragraph: 1", "paragraph: 0", "whole number of at least 1"),
    "a quotation is long": (RECORDS, "quote_check: ten", "quote_check: ten people were there", "at most 12 characters"),
    "an id stands twice": (RECORDS, RECORD, RECORD + RECORD, "record 'S01' is defined twice"),
    "a figure is wrong": (RECORDS, "value: 5,", "value: 5.0001,", "stated as 5.0001 but its expression gives 5"),
    "a rounding is too fine": (RECORDS, "rounding: 0.01", "rounding: 0.001", "stated as 3.33 but"),
    "a name is unknown": (RECORDS, "S01.half * 2", "S01.halv * 2", "unknown 'S01.halv', did you mean 'S01.half'?"),
    "a figure rests on itself": (RECORDS, "expression: S01 / 2", "expression: S01.third", "S01.third -> S01.half"),
    "a name is reserved": (RECORDS, "half: {", "low: {", "'low' can't name a derived figure"),
    "an expression runs code": (RECORDS, "S01 / 2", "open(1)", "'open' isn't one of the functions"),
    "an expression isn't one": (RECORDS, "S01 / 2", "S01 /", "isn't an arithmetic expression"),
    "a division by zero": (RECORDS, "S01 / 2", "S01 / 0", "'S01.half': divides by zero"),
    "a record isn't a mapping": (RECORDS, RECORD, "- S01\n", "must be a mapping"),
    "a file isn't a list": (RECORDS, RECORD, "S01: 1\n", "must be a list of entries"),
    "a key stands twice": (RECORDS, "  value: 10\n", "  value: 10\n  value: 11\n", "duplicate key 'value'"),
    "a checksum is short": ("documents.yaml", "a" * 64, "a" * 63, "right form"),
    "a short name is foreign": ("documents.yaml", 'short: "900"', 'short: "800"', "must begin the id"),
    "a document stands twice": ("documents.yaml", DOCUMENTS, DOCUMENTS * 2, "document '900_x.txt' is defined twice"),
    "a pattern rests on nothing known": ("patterns.yaml", "[S01]", "[S02]", "did you mean 'S01'?"),
    "a pattern's document is unknown": ("patterns.yaml", '["900"]', '["800"]', "unknown entry '800'"),
    "a pattern's use is a record's": ("patterns.yaml", "use: fit", "use: parameter", "isn't known"),
    "a band is open at both ends": ("patterns.yaml", "low: 0.1, high: 0.2, ", "", "needs 'low', 'high' or both"),
    "a status is unknown": ("literature.yaml", "status: from memory", "status: read", "'status: read' isn't known"),
    "a status is missing": ("literature.yaml", "  status: from memory\n", "", "lacks the field 'status'"),
    "a prior has no unit": ("literature.yaml", "  unit: logit\n", "", "has an interval but no unit"),
    "a list is a text": ("literature.yaml", "parameters: []", "parameters: beta", "'parameters' must be a list"),
}


class TestRefusals:
    def test_the_small_register_is_sound(self, tmp_path: Path) -> None:
        small = load_register(written(tmp_path, {}))
        assert small.resolve("S01.third").value == 10 / 3  # unrounded, although stated as 3.33

    @pytest.mark.parametrize("case", BROKEN)
    def test_each_breakage_is_told_in_one_line(self, tmp_path: Path, case: str) -> None:
        file, old, new, message = BROKEN[case]
        with pytest.raises(InputError) as caught:
            load_register(written(tmp_path, {file: (old, new)}))
        line = str(caught.value)
        assert message in line and "\n" not in line
        assert caught.value.file == str(tmp_path.resolve() / file) and caught.value.line is not None

    def test_missing_files(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"documents\.yaml: can't be read"):
            load_register(tmp_path)
        (tmp_path / "documents.yaml").write_text(DOCUMENTS, encoding="utf-8")
        with pytest.raises(InputError, match="contains no records"):
            load_register(tmp_path)

    def test_an_id_in_two_files(self, tmp_path: Path) -> None:
        written(tmp_path, {})
        (tmp_path / "records" / "901.yaml").write_text(RECORD, encoding="utf-8")
        with pytest.raises(InputError, match=r"901\.yaml:1: record 'S01' is defined twice"):
            load_register(tmp_path)


def test_loading_is_light() -> None:
    """A fresh process must not pull in the numeric packages for a look at the evidence."""
    code = (
        "import sys, sim.evidence as e; e.load_register();"
        "print([m for m in ('numpy', 'pandas', 'numba', 'mesa', 'pydantic') if m in sys.modules])"
    )
    assert output_of(code) == "[]"


def test_each_file_is_read_once_a_process_and_by_the_quick_parser() -> None:
    """Nothing but the register's files is opened, and nothing when it is asked for again, by whatever path."""
    code = """
from sim.evidence import load_register, seeds_folder
opened.clear()
register = load_register()
tell_opened()
assert load_register(f"{seeds_folder()}/../seeds") is register
tell_opened()
"""
    every = sorted(path.name for path in seeds_folder().rglob("*.yaml"))
    assert output_of(OPENED + code) == f"{every}\n[]"
    if yaml.__with_libyaml__:
        assert yaml_reader._LOADER is yaml.CSafeLoader


def test_the_folder_of_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "sim"
    monkeypatch.setattr("sim.base.sources.PACKAGE", package)
    with pytest.raises(InputError, match=r"seeds/documents.yaml is missing"):
        seeds_folder()
    for folder in (tmp_path / "seeds", package / "_data" / "seeds"):  # no stranger's folder beside an installed package
        folder.mkdir(parents=True)
        (folder / "documents.yaml").write_text(DOCUMENTS, encoding="utf-8")
        assert seeds_folder() == folder
