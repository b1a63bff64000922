"""The register against the documents: checksums, places, and no sentence copied."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from sim.evidence import Register, load_register


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


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
