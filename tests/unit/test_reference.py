"""The reference pages are what the code and the register say now, and leave nothing out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest

from sim.base.fields import number, word
from sim.commands.tables import TABLES
from sim.engine.outcomes import TOTALS, WEEKLY
from sim.engine.tallies import MEASURES, TALLIES
from sim.engine.week import OPENING, PHASES, name_of
from sim.engine.world.declaration import COLUMNS
from sim.evidence import load_register
from sim.interventions import KINDS, NAMED_VALUES, Effect, Intervention, Who
from sim.reference import COMMAND, FOLDER, SCHEMA, pages, schema_text
from sim.reference.interventions import interventions_page
from sim.reference.markdown import table
from sim.scenario import load_scenario, provenance

DOCS = FOLDER.parent


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return pages()


def first_cells(text: str) -> list[str]:
    """Return the first cells of all rows of a page's tables, without the marks of code."""
    return [line.split(" | ")[0].removeprefix("| ").strip("`") for line in text.splitlines() if line.startswith("|")]


def test_the_files_are_up_to_date(written: dict[str, str]) -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*")}
    stale = sorted(name for name in written.keys() | found.keys() if written.get(name) != found.get(name))
    assert not stale, f"stale in docs/reference: {', '.join(stale)}; write them anew: {COMMAND}"


def test_the_schema_of_output_is_up_to_date() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), f"write it anew: {COMMAND}"


def test_every_table_of_output_is_there(written: dict[str, str]) -> None:
    assert first_cells(written["tables.md"])[2:] == list(TABLES)


def test_every_parameter_is_there(written: dict[str, str]) -> None:
    cells = first_cells(written["parameters.md"])
    for key, value in provenance(load_scenario("base")).items():
        if not value.shape.label:
            assert cells.count(key) == 1, key


def test_every_column_and_row_of_the_record_is_there(written: dict[str, str]) -> None:
    columns, _, record = written["state.md"].partition("## The record")
    for text, declared in ((columns, COLUMNS), (record, TALLIES), (record, MEASURES)):
        cells = [cell.partition("`")[0] for cell in first_cells(text)]
        groups = {one.group or one.name: one.name for one in reversed(declared.values())}  # the first of each
        for name in groups.values():
            assert cells.count(name) == 1, name


def test_every_intervention_is_there_with_its_keys(written: dict[str, str]) -> None:
    text = written["interventions.md"]
    common, _, kinds = text.partition("## Named values")
    for value in NAMED_VALUES:
        assert f"| `{value}` | " in kinds, value
    for kind, intervention in KINDS.items():
        own = kinds.partition(f"## `{kind}`\n")[2].partition("\n## ")[0]
        assert intervention.summary.lower() in own.lower(), kind
        for key in intervention.model_fields:
            assert key == "kind" or re.search(rf"^\| `{key}[`.]", own + common, re.MULTILINE), f"{kind}.{key}"


def test_every_outcome_is_there(written: dict[str, str]) -> None:
    weekly, totals = written["outcomes.md"].split("## Totals")
    for part, outcomes in ((weekly, WEEKLY), (totals, TOTALS)):
        assert first_cells(part)[2:] == [one.name for one in outcomes]


def test_every_entry_of_the_register_is_there(written: dict[str, str]) -> None:
    register = load_register()
    cells = first_cells(written["evidence.md"])
    derived = [name for record in register.records.values() for name in record.derived]
    shorts = [document.short for document in register.documents.values()]
    for id in [*shorts, *register.records, *register.patterns, *register.literature, *derived]:
        # S04 is a record and, in the table of patterns, what the model must reproduce of it.
        assert cells.count(id) == (id in register.records) + (id not in register.records or id in register.patterns), id


def test_every_phase_is_there_in_order(written: dict[str, str]) -> None:
    names = re.findall(r"^\| \d+ \| `(\w+)` \|", written["phases.md"], re.MULTILINE)
    assert names == [name_of(phase) for phase, _ in (*OPENING, *PHASES)]


def test_a_record_tells_what_rests_on_it(written: dict[str, str]) -> None:
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in written["evidence.md"].splitlines()}
    assert "`village.party_members`" in rows["S01"]
    assert "`household.own_yard`, `prior of household.own_yard`" in rows["L01"]


def test_ids_that_are_named_anywhere_exist(written: dict[str, str]) -> None:
    register = load_register()
    known = register.records.keys() | register.patterns.keys() | register.literature.keys()
    odd = (DOCS / "ODD.md").read_text(encoding="utf-8")
    for name, text in {**written, "ODD.md": odd}.items():
        for id, figure in re.findall(r"\b([SLPN]\d+)(\.[a-z]\w*)?\b", text):
            assert id in known, f"{name} names {id}"
            assert not figure or f"{id}{figure}" in register.quantities, f"{name} names {id}{figure}"


def test_pages_depend_on_no_machine(written: dict[str, str]) -> None:
    for text in written.values():
        assert str(Path(__file__).parents[2]) not in text
        assert " object at 0x" not in text


def test_tables_are_whole(written: dict[str, str]) -> None:
    """A cell with a bar or a line break would break its row."""
    for name, text in written.items():
        for part in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in part.splitlines()}
            assert len(widths) == 1, f"{name}: {part[:80]}"


def test_a_table_escapes_what_would_break_it() -> None:
    assert table(("a", "b", "c"), [("x|y", "", "1\n< 2")]) == "| a | c |\n| --- | --- |\n| x\\|y | 1 &lt; 2 |"


class Bell(Intervention):
    """Ring a bell."""

    kind: Literal["bell"]
    who: Who = word("who hears it", default=Who(group="newcomer", share=0.5), evidence="assumption: half")
    loudness: float = number("how loud it is", unit="phon", low=0, high=120)

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("message", self.loudness, self.who),)


def test_a_new_intervention_gets_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has to be changed for it, even if it can't be made of defaults alone."""
    monkeypatch.setitem(KINDS, "bell", Bell)
    text = "\n\n".join(interventions_page()).partition("## `bell`")[2]
    assert "| `who` | group: newcomer, share: 0.5 |  | see `who` | assumption: half | who hears it |" in text
    assert "| `loudness` | to be set | phon | 0 to 120 |  | how loud it is |" in text


def test_links_of_the_documents_lead_somewhere() -> None:
    linked = set()
    for name in ("ODD.md", "JSON.md"):
        targets = re.findall(r"\]\(([^)]+)\)", (DOCS / name).read_text(encoding="utf-8"))
        linked |= set(targets)
        for target in targets:
            path, _, anchor = target.partition("#")
            file = DOCS / (path or name)
            assert file.exists(), target
            if anchor:
                heads = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
                anchors = {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}
                assert anchor in anchors, target
    for page in pages():
        assert f"reference/{page}" in linked, f"neither docs/ODD.md nor docs/JSON.md links {page}"
