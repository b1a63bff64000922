"""Each reader bears 200 ways of damaging its files; `experiments/fuzz_readers.py` tries more, and other ones each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz_readers import Reader, fuzz, readers

NAMES = ("scenario", "priors", "menu", "register", "draws", "checkpoint", "runs", "journal", "sql", "report")


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reader]:
    return readers(tmp_path_factory.mktemp("good"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_file_gives_its_content_or_one_line(name: str, every: dict[str, Reader], tmp_path: Path) -> None:
    assert every.keys() == set(NAMES)
    fuzz(every[name], tmp_path / "case", 200)


@pytest.mark.filterwarnings("ignore")
def test_the_fuzzer_notices_a_reader_that_believes_anything(tmp_path: Path) -> None:
    believing = Reader({"x": b"12345678"}, lambda folder: (folder / "x").read_bytes(), exact=True)
    with pytest.raises(AssertionError, match="other content was believed"):
        fuzz(believing, tmp_path, 50)
    failing = Reader({"x": b"12345678"}, lambda folder: int((folder / "x").read_bytes()))
    with pytest.raises(ValueError, match="invalid literal"):
        fuzz(failing, tmp_path, 50)
