"""The evidence register: what it holds, what it works out, and how it is told."""

from __future__ import annotations

import math
import re
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from sim.base.errors import InputError
from sim.evidence import Register, describe, load_register, overview
from sim.evidence.register import STATUSES
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
    "S22.weeks_before": 130, "S22.hazard_upper_95_before": 3 / 130, "S22.speed_up": 5,
}  # fmt: skip

HELD_OUT = {"P3", "P6", "P7", "P8"}

SURNAMES = "Chen|Deng|Fu|Gu|Guan|Guo|He|Huang|Ke|Lao|Li|Liang|Liao|Lin|Liu|Lu|Pan|Shen|Tan|Wang|Wu|Xiao|Yu|Zhong|Zhou"
"""Surnames of people in the documents."""


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


class TestWhatItHolds:
    def test_every_row_of_the_first_register(self, register: Register) -> None:
        for id, figure in KEY_FIGURES.items():
            assert register.records[id].value == figure, id

    def test_164_records_without_a_gap(self, register: Register) -> None:
        assert sorted(register.records) == sorted(f"S{number:02}" for number in range(1, 165))

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
        assert list(register.patterns) == [
            *(f"P{number}" for number in range(1, 16)),
            "S04",
            *(f"N{number}" for number in range(1, 8)),
        ]
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

    def test_literature_says_where_it_was_read(self, register: Register) -> None:
        assert {row.status for row in register.literature.values()} == set(STATUSES)
        for id, status in (("L14", "checked at source"), ("L05", "from an abstract"), ("L09", "from memory")):
            assert register.literature[id].status == status
            assert f"[{status}]" in describe(register, id, {})
            assert ("don't cite it" in describe(register, id, {})) == (status == "from memory")

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
        assert "parameters  none" in describe(register, "S30", parameters)

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


def test_no_person_of_the_documents_is_named() -> None:
    """A surname followed by another word in capitals would be a name; places here have one word or a small second one."""
    root = Path(__file__).parents[2]
    named = re.compile(rf"\b(?:{SURNAMES}) [A-Z][a-z]+")
    files = [
        root / "README.md",
        *(one for folder in ("seeds", "scenarios", "docs") for one in (root / folder).rglob("*.*")),
    ]
    texts = {file: file.read_text(encoding="utf-8") for file in files if file.suffix in (".yaml", ".md")}
    assert texts
    assert {str(file): named.findall(text) for file, text in texts.items() if named.search(text)} == {}
