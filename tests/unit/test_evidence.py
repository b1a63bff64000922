"""Check the evidence register: what it holds, what it works out, what it refuses, and where its facts stand."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.evidence import Register, describe, expression, load_register, overview, seeds_folder
from sim.evidence.text import WIDTH

# The figure by which each fact of the first register is known; None where it is told in words.
KEY_FIGURES: dict[str, float | None] = {
    "S01": 4000, "S02": 346000, "S03": 345, "S04": None, "S05": 50, "S06": 100000, "S07": 40000, "S08": 11, "S09": 10,
    "S10": None, "S11": 36, "S12": 126, "S13": 10, "S14": 850, "S15": 45.10, "S16": 100, "S17": 30, "S18": 50,
    "S19": None, "S20": 2000, "S21": 7, "S22": 3, "S23": None, "S24": 8, "S25": 12, "S26": 60000, "S27": 1000, "S28": 6,
    "S29": None, "S30": 1, "S31": 99.67, "S32": 34, "S33": None, "S34": 2019, "S35": None, "S36": 100, "S37": 12,
}  # fmt: skip

# What the model's parameters rest on, worked out by hand.
DERIVED: dict[str, float] = {
    "S01.members_per_village": 125, "S02.period_weeks": 348 / 7, "S02.contacts_per_member_year": 86.5,
    "S02.contacts_per_member_week": 86.5 * 7 / 348, "S02.contacts_per_village_year": 10812.5,
    "S03.visits_per_household_year": 3.45, "S03.households_per_village_1": 3134, "S03.households_per_village_2": 1567,
    "S03.households_per_village_3": 1045, "S03.households_per_member_2": 346000 / 6.9 / 4000,
    "S04.random_visiting_misses": math.exp(-3.45), "S05.persons_per_compound": 2000, "S08.villages": 32,
    "S08.coverage_open": 11 / 32, "S08.coverage_built": 26 / 32, "S10.teaching_seats": 280,
    "S12.floating_share": 118 / 126, "S15.total": 62.9, "S15.share_charity": 45.1 / 62.9,
    "S15.share_beautiful_village": 14.8 / 62.9, "S15.share_school": 3 / 62.9, "S16.yuan_per_year": 1e8 / 26,
    "S17.share_of_cumulative": 0.3, "S18.years_in_party": 50, "S20.persons_per_household": 4.0, "S22.weeks_stuck": 156,
    "S22.weeks_to_agreement": 26, "S22.hazard_upper_95": 3 / 156, "S23.intensity_low": 5 / (86.5 * 7 / 348),
    "S23.intensity_high": 7 / (86.5 * 7 / 348), "S26.newcomer_households": 15000, "S29.weeks": 56,
    "S06.households": 25000, "S15.yuan": 45.1e6, "S17.yuan": 30e6, "S55.yuan": 14.8e6, "S56.yuan": 3e6,
}  # fmt: skip

HELD_OUT = {"P3", "P6", "P7", "P8"}


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


class TestWhatItHolds:
    def test_every_row_of_the_first_register(self, register: Register) -> None:
        for id, figure in KEY_FIGURES.items():
            assert register.records[id].value == figure, id

    def test_149_records_without_a_gap(self, register: Register) -> None:
        assert sorted(register.records) == sorted(f"S{number:02}" for number in range(1, 150))

    def test_derived_figures(self, register: Register) -> None:
        for name, value in DERIVED.items():
            assert register.resolve(name).value == pytest.approx(value, rel=1e-12), name

    def test_bounds_follow_the_wording(self, register: Register) -> None:
        assert (register.resolve("S01.low").value, register.resolve("S01.high").value) == (4000, 4999)
        assert register.records["S07"].high == 40000 and register.records["S07"].low is None
        assert register.resolve("S19.low").value == 0.5

    def test_sources_agree_on_the_number_of_villages(self, register: Register) -> None:
        names = ("S08.villages", "S11.villages", "S67")
        assert {register.resolve(name).value for name in names} == {32}
        assert register.resolve("S12").value == register.resolve("S65").value + register.resolve("S66").value

    def test_the_week_count_lies_within_what_the_dates_allow(self, register: Register) -> None:
        low, weeks, high = (register.resolve(f"S29.{end}").value for end in ("weeks_low", "weeks", "weeks_high"))
        assert low < weeks < high

    def test_all_five_documents_are_used(self, register: Register) -> None:
        assert [document.short for document in register.documents.values()] == ["000", "001", "002", "003", "004"]
        assert {record.document for record in register.records.values()} == {"000", "001", "002", "003", "004"}

    def test_patterns(self, register: Register) -> None:
        assert list(register.patterns) == [f"P{number}" for number in range(1, 16)] + ["S04"]
        assert {pattern.id for pattern in register.patterns.values() if pattern.use == "hold_out"} == HELD_OUT
        ratio = register.patterns["P2"].bands[0]
        assert (ratio.low, ratio.high) == (1.2, 2.2)
        for pattern in register.patterns.values():
            assert pattern.records and pattern.documents
            rests = {register.records[id].document for id in pattern.records}
            assert rests == set(pattern.documents), pattern.id

    def test_nothing_held_out_is_fitted(self, register: Register) -> None:
        for pattern in register.patterns.values():
            if pattern.use == "fit":
                held = [id for id in pattern.records if register.records[id].use == "hold_out"]
                assert not held, f"{pattern.id} is fitted to {held}"

    def test_every_held_out_record_serves_a_held_out_pattern(self, register: Register) -> None:
        served = {id for pattern in register.patterns.values() if pattern.use == "hold_out" for id in pattern.records}
        assert {record.id for record in register.records.values() if record.use == "hold_out"} <= served

    def test_figures_of_other_things_are_never_usable(self, register: Register) -> None:
        for id in ("S14", "S31", "S36"):
            assert register.records[id].use == "not_usable" and register.records[id].why
            assert not any(id in pattern.records for pattern in register.patterns.values())

    def test_recalled_literature_is_marked(self, register: Register) -> None:
        assert {row.status for row in register.literature.values()} == {"abstract", "memory"}
        assert "not to be cited" in describe(register, "L09", {})

    def test_no_text_of_the_documents_is_quoted(self, register: Register) -> None:
        """A paraphrase is English; only terms and names may be Chinese."""
        for record in register.records.values():
            text = f"{record.paraphrase} {record.statement} {record.caution}"
            assert sum(east_asian_width(character) == "W" for character in text) <= 12, record.id


class TestResolve:
    def test_value_and_derived_figure(self, register: Register) -> None:
        assert register.resolve("S02").unit == "person-contacts"
        quantity = register.resolve("S01.members_per_village")
        assert (quantity.value, quantity.unit, quantity.record) == (125, "members a village", "S01")

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("S01.members_per_vilage", "did you mean 'S01.members_per_village'?"),
            ("S4O", "did you mean 'S"),
            ("S04", "states no value; it has S04.random_visiting_misses"),
            ("S40", "record S40 states no value"),
        ],
    )
    def test_unknown_names(self, register: Register, name: str, message: str) -> None:
        with pytest.raises(InputError) as caught:
            register.resolve(name, "base.yaml", 7)
        assert message in str(caught.value) and str(caught.value).startswith("base.yaml:7: ")

    def test_document_by_short_name(self, register: Register) -> None:
        assert register.document("003").date == "2023-01-05"
        with pytest.raises(InputError, match="unknown document '03'"):
            register.document("03")

    def test_register_is_read_only(self, register: Register) -> None:
        with pytest.raises(TypeError):
            register.records["S99"] = register.records["S01"]  # type: ignore[index]


class TestText:
    def test_a_record_tells_all_that_rests_on_it(self, register: Register) -> None:
        parameters = {"contact.visits": ["S03.visits_per_household_year"], "village.members": ["S01"]}
        text = describe(register, "S03", parameters)
        for part in ("Xiqiao", "paragraph 16", "超345%", "S03 / 100", "1567", "contact.visits", "caution"):
            assert part in text
        assert "village.members" not in text
        assert describe(register, "S03.households_per_village_2", parameters) == text
        assert "none rests on it" in describe(register, "S30", parameters)

    def test_an_id_of_two_kinds_shows_both(self, register: Register) -> None:
        text = describe(register, "S04", {})
        assert "[fit]" in text and "S04  pattern" in text

    @pytest.mark.parametrize("id", ["P3", "L01", "001", "001_f85c9ed92146d66f.txt"])
    def test_every_kind_of_entry(self, register: Register, id: str) -> None:
        assert describe(register, id, {})

    def test_at_most_110_columns(self, register: Register) -> None:
        ids = [*register.records, *register.patterns, *register.literature, *register.documents]
        for text in (overview(register), *(describe(register, id, {}) for id in ids)):
            for line in text.splitlines():
                assert len(line) + sum(east_asian_width(c) == "W" for c in line) <= WIDTH, line

    def test_overview_lists_every_id(self, register: Register) -> None:
        words = {line.split()[0] for line in overview(register).splitlines() if line.strip()}
        assert {*register.records, *register.patterns, *register.literature} <= words

    def test_unknown_entry(self, register: Register) -> None:
        with pytest.raises(InputError, match="did you mean"):
            describe(register, "P33", {})
        with pytest.raises(InputError, match=r"did you mean 'S03\.weeks_per_round'"):
            describe(register, "S03.weeks_per_rond", {})


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
  status: memory
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
    "a reason is missing": (RECORDS, "use: parameter", "use: not_usable", "'why' belongs to"),
    "a reason is too much": (RECORDS, "use: parameter", "use: fit\n  why: Because", "'why' belongs to"),
    "a document is unknown": (RECORDS, 'document: "900"', 'document: "901"', "did you mean '900'?"),
    "an id has no form": (RECORDS, "id: S01", "id: first", "right form"),
    "a date has no form": (RECORDS, 'date: "2020"', 'date: "in May"', "'date: in May' doesn't have the right form"),
    "a date is a number": (RECORDS, 'date: "2020"', "date: 2020", "'date' must be a text"),
    "a date rests on nothing": (RECORDS, "date_basis: stated", "date_basis: guessed", "'stated' or 'inferred'"),
    "a value is a text": (RECORDS, "value: 10", "value: ten", "'value' must be a finite number"),
    "a value is not finite": (RECORDS, "value: 10", "value: .nan", "'value' must be a finite number"),
    "a value lies outside": (RECORDS, "value: 10", "value: 10\n  low: 11", "lies outside low..high"),
    "an interval is reversed": (RECORDS, "value: 10", "low: 3\n  high: 2", "'low' (3) is above 'high' (2)"),
    "a number has no unit": (RECORDS, "  unit: people\n", "", "has a number but no unit"),
    "there is no fact": (RECORDS, "  value: 10\n", "", "neither a value"),
    "a paragraph is zero": (RECORDS, "paragraph: 1", "paragraph: 0", "whole number from 1"),
    "a quotation is long": (RECORDS, "quote_check: ten", "quote_check: ten people were there", "at most 12 characters"),
    "an id stands twice": (RECORDS, RECORD, RECORD + RECORD, "record 'S01' stands twice"),
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
    "a document stands twice": ("documents.yaml", DOCUMENTS, DOCUMENTS * 2, "document '900_x.txt' stands twice"),
    "a pattern rests on nothing known": ("patterns.yaml", "[S01]", "[S02]", "did you mean 'S01'?"),
    "a pattern's document is unknown": ("patterns.yaml", '["900"]', '["800"]', "unknown entry '800'"),
    "a pattern's use is a record's": ("patterns.yaml", "use: fit", "use: parameter", "isn't known"),
    "a band is open at both ends": ("patterns.yaml", "low: 0.1, high: 0.2, ", "", "needs 'low', 'high' or both"),
    "a status is unknown": ("literature.yaml", "status: memory", "status: read", "'status: read' isn't known"),
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
        with pytest.raises(InputError, match="holds no records"):
            load_register(tmp_path)

    def test_an_id_in_two_files(self, tmp_path: Path) -> None:
        written(tmp_path, {})
        (tmp_path / "records" / "901.yaml").write_text(RECORD, encoding="utf-8")
        with pytest.raises(InputError, match=r"901\.yaml:1: record 'S01' stands twice"):
            load_register(tmp_path)


NUMBERS = st.floats(min_value=-1e6, max_value=1e6, allow_subnormal=False).map(abs)
EXPRESSIONS = st.recursive(
    st.one_of(NUMBERS.map(repr), st.sampled_from(["S01", "S02.low", "S02.x_1"])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda one: f"(-{one})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(st.sampled_from(["exp", "log", "round"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
    ),
    max_leaves=6,
).filter(lambda text: len(text) <= expression.MAX_LENGTH)


def _no_names(name: str) -> float:
    raise AssertionError(f"{name} was asked for")


class _Second:
    low = 0.25
    x_1 = -3.0


class TestExpressions:
    @given(EXPRESSIONS)
    def test_agrees_with_python(self, text: str) -> None:
        values = {"S01": 7.0, "S02.low": _Second.low, "S02.x_1": _Second.x_1}
        known = {"S01": 7.0, "S02": _Second, "exp": math.exp, "log": math.log, "min": min, "max": max, "round": round}
        try:
            wanted = eval(text, {"__builtins__": {}}, known)  # Python itself is the oracle
        except (ArithmeticError, ValueError, TypeError):
            wanted = math.nan
        try:
            found = expression.evaluate(expression.parse(text), values.__getitem__)
        except ValueError:
            assert isinstance(wanted, complex) or not math.isfinite(wanted)
        else:
            assert found == float(wanted)

    @pytest.mark.parametrize(
        "text",
        [
            "__import__('os')", "S01.low.high", "[1]", "'a'", "True", "1 if 1 else 2", "S01 // 2", "S01 % 2", "~1",
            "lambda: 1", "exp(x=1)", "round(*S01)", "1 < 2", "1j", "S01[0]", "(1, 2)", "", "1\x00", "exp(1).real",
            "+".join(["1"] * 101),
        ],
    )  # fmt: skip
    def test_refuses_all_else(self, text: str) -> None:
        with pytest.raises(ValueError):
            expression.parse(text)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("9 ** 9 ** 9", "overflows"),
            ("(0 - 8) ** 0.5", "finite real"),
            ("1e308 * 10", "finite real"),
            ("exp(1, 2)", "wrong number of arguments"),
            ("log(0)", "math domain error|positive"),
        ],
    )
    def test_refuses_what_has_no_value(self, text: str, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            expression.evaluate(expression.parse(text), _no_names)

    def test_names_in_reading_order(self) -> None:
        assert expression.names(expression.parse("S02.low * round(S01 / S03, 1)")) == ("S02.low", "S01", "S03")
        assert expression.evaluate(expression.parse("round(2.25 * 1.1, 1)"), _no_names) == 2.5


def test_loading_is_light() -> None:
    """A fresh process must not pull in the numeric packages for a look at the evidence."""
    code = (
        "import sys, sim.evidence as e; e.load_register();"
        "print([m for m in ('numpy', 'pandas', 'numba', 'mesa', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_loading_is_fast(tmp_path: Path) -> None:
    """The command's start may cost 0.15 s of CPU; the best of five is compared, since machines are shared."""
    from sim.evidence.loading import _load_register

    folder = seeds_folder().resolve()
    times = []
    for _ in range(5):
        start = time.process_time()
        _load_register.__wrapped__(folder)
        times.append(time.process_time() - start)
    assert min(times) < 0.15
    assert load_register() is load_register(folder)


def test_the_folder_of_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.evidence import loading

    package = tmp_path / "sim"
    monkeypatch.setattr(loading, "__file__", str(package / "evidence" / "loading.py"))
    with pytest.raises(InputError, match=r"register .* is missing"):
        seeds_folder()
    for folder in (package / "_data" / "seeds", tmp_path / "seeds"):  # a checkout's own folder comes first
        folder.mkdir(parents=True)
        (folder / "documents.yaml").write_text(DOCUMENTS, encoding="utf-8")
        assert seeds_folder() == folder.resolve()


@pytest.fixture(scope="module")
def texts() -> dict[str, bytes]:
    named = os.environ.get("GRASSROOTS_DOCUMENTS")
    if not named:
        pytest.skip("GRASSROOTS_DOCUMENTS names no folder of documents")
    return {path.name: path.read_bytes() for path in Path(named).glob("*.txt")}


class TestAgainstTheDocuments:
    """The documents aren't ours to publish: GRASSROOTS_DOCUMENTS names a folder with them, or these tests skip."""

    def test_checksums(self, register: Register, texts: dict[str, bytes]) -> None:
        found = {name: hashlib.sha256(data).hexdigest() for name, data in texts.items()}
        assert found == {document.id: document.sha256 for document in register.documents.values()}

    def test_every_record_stands_where_it_says(self, register: Register, texts: dict[str, bytes]) -> None:
        paragraphs = {
            name[:3]: [line for line in data.decode("utf-8").split("\n") if line.strip()]
            for name, data in texts.items()
        }
        wrong = []
        for record in register.records.values():
            lines, place = paragraphs[record.document], record.locator
            if place.paragraph > len(lines) or place.quote_check not in lines[place.paragraph - 1]:
                wrong.append(f"{record.id}: {place.quote_check} isn't in paragraph {place.paragraph}")
        assert not wrong

    def test_paraphrases_copy_no_sentence(self, register: Register, texts: dict[str, bytes]) -> None:
        """Seven Chinese characters in a row that stand in the document are a name or term at most."""
        whole = {name[:3]: data.decode("utf-8") for name, data in texts.items()}
        for record in register.records.values():
            text = f"{record.paraphrase} {record.statement} {record.caution}"
            for start in range(len(text) - 6):
                piece = text[start : start + 7]
                if all(east_asian_width(character) == "W" for character in piece):
                    assert piece not in whole[record.document], record.id
