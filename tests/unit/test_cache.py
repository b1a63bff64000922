"""The cache of compiled code: safe when several processes fill it at once, and no need where nothing can be written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from own_process import ROOT, environment

# Through the same decorator and folder as the engine, and compiled in a moment.
SMALL = """
from sim.compiled import compiled, entry

@compiled
def square(x):
    return x * x

@entry
def total(n):
    found = 0.0
    for k in range(n):
        found += square(float(k))
    return found
"""
USE = "import small; print(small.total({n}), sum(small.total.stats.cache_hits.values()))"


def begin(folder: Path, n: int = 4, **changes: str) -> subprocess.Popen[str]:
    """Begin a process that imports the small module, calls it, and prints the result and how often the cache served."""
    (folder / "small.py").write_text(SMALL)
    bare = {name: value for name, value in environment(folder).items() if not name.startswith(("GRASSROOTS", "XDG"))}
    return subprocess.Popen(
        [sys.executable, "-c", USE.format(n=n)], env={**bare, **changes}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def end(process: subprocess.Popen[str]) -> tuple[float, int]:
    out, err = process.communicate(timeout=600)
    assert (process.returncode, err) == (0, "")
    result, hits = out.split()
    return float(result), int(hits)


def files(cache: Path) -> list[Path]:
    return sorted(path for path in cache.rglob("*") if path.is_file())


def test_first_runs_at_once_all_work_and_leave_a_good_cache(tmp_path: Path) -> None:
    """Four processes with an empty cache: none fails, none reads half a file, and the next one compiles nothing."""
    cache = tmp_path / "cache"
    processes = [begin(tmp_path, GRASSROOTS_CACHE=str(cache)) for _ in range(4)]
    assert [end(process)[0] for process in processes] == [14.0] * 4
    assert {path.suffix for path in files(cache)} == {".nbi", ".nbc"}
    assert end(begin(tmp_path, GRASSROOTS_CACHE=str(cache))) == (14.0, 1)


@pytest.mark.parametrize("damage", [b"", b"not a cache", None])
def test_a_damaged_cache_is_never_a_wrong_result(damage: bytes | None, tmp_path: Path) -> None:
    """Cut to half, empty, or something else, as a full disk would leave it: compiled anew, or told in an error."""
    cache = tmp_path / "cache"
    end(begin(tmp_path, GRASSROOTS_CACHE=str(cache)))
    for path in files(cache):
        if path.suffix == ".nbi":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if damage is None else damage)
    process = begin(tmp_path, GRASSROOTS_CACHE=str(cache))
    out, _ = process.communicate(timeout=600)
    assert process.returncode != 0 or out.split()[0] == "14.0"


@pytest.mark.parametrize("where", [{"GRASSROOTS_CACHE": "{file}"}, {"HOME": "{file}"}, {"XDG_CACHE_HOME": "{file}/x"}])
def test_where_nothing_can_be_written_it_runs_all_the_same(where: dict[str, str], tmp_path: Path) -> None:
    """A file stands where the cache or the home should be, which not even root can write into."""
    file = tmp_path / "file"
    file.write_text("in the way")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    changes: dict[str, Any] = {name: value.format(file=file) for name, value in where.items()}
    assert end(begin(tmp_path, TMPDIR=str(temporary), **changes)) == (14.0, 0)
    assert file.read_text() == "in the way"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_home_and_package_are_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o500)
    try:
        assert end(begin(tmp_path, HOME=str(home)))[0] == 14.0
        assert files(home) == []
    finally:
        home.chmod(0o700)


def test_nothing_is_written_into_the_package(tmp_path: Path) -> None:
    """All of the cache lies in its folder; Numba's own places, ``__pycache__`` beside the source, stay empty."""
    cache = tmp_path / "cache"
    end(begin(tmp_path, GRASSROOTS_CACHE=str(cache)))
    assert files(cache)
    compiled_code = [path for path in [*ROOT.joinpath("sim").rglob("*.nb?"), *tmp_path.rglob("*.nb?")]]
    assert [path for path in compiled_code if cache not in path.parents] == []
