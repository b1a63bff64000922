"""No intervention that a test takes in is left behind for others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.interventions import KINDS, _outside


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """Leave no intervention behind for other tests."""
    kinds, texts, modules = dict(KINDS), dict(_outside._texts), set(sys.modules)
    yield
    KINDS.clear()
    KINDS.update(kinds)
    _outside._texts.clear()
    _outside._texts.update(texts)
    for name in set(sys.modules) - modules:
        if name.startswith("grassroots_interventions_") or name in ("mechanism", "test_mechanism", "my_interventions"):
            del sys.modules[name]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, as the place to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
