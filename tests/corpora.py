"""Corpora: files of cases, one a line, in tests/corpus. Anybody can add a case."""

from __future__ import annotations

from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def corpus(name: str) -> list[tuple[str, ...]]:
    """Return a file's cases, each a tuple of what its tabs separate; lines that begin with # are comments."""
    lines = (CORPUS / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
