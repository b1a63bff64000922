"""The cache of compiled code: safe when several processes fill it at once, and no need where nothing can be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from own_process import ROOT, environment, output_of
from permissions import giving_up

from sim.compiler import first_run
from sim.compiler.machine_code import cache_folder

# Through the same decorator and folder as the engine, and compiled in a moment.
SMALL = """
from sim.compiler.compiled import compiled, entry

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
USE = "import small; print(small.total({n}), small.total.compiled)"


def begin(folder: Path, n: int = 4, before: Sequence[str] = (), **changes: str) -> subprocess.Popen[str]:
    """Begin a process that imports the small module, calls it, and prints the result and how often it compiled.

    before : words that come before the command.
    """
    (folder / "small.py").write_text(SMALL)
    bare = {name: value for name, value in environment(folder).items() if not name.startswith(("GRASSROOTS", "XDG"))}
    return subprocess.Popen(
        [*before, sys.executable, "-c", USE.format(n=n)], env={**bare, **changes}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def end(process: subprocess.Popen[str]) -> tuple[float, int]:
    out, err = process.communicate(timeout=600)
    assert (process.returncode, err) == (0, "")
    result, compiled = out.split()
    return float(result), int(compiled)


def files(cache: Path) -> list[Path]:
    return sorted(path for path in cache.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache that holds the small module's code, for tests to copy."""
    folder = tmp_path_factory.mktemp("filled")
    cache = folder / "cache"
    end(begin(folder, GRASSROOTS_CACHE=str(cache)))
    return cache


@pytest.fixture
def cache(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "cache"))


def test_first_runs_at_once_all_work_and_leave_a_good_cache(tmp_path: Path) -> None:
    """Four processes with an empty cache: none fails, none reads half a file, and the next one compiles nothing."""
    cache = tmp_path / "cache"
    processes = [begin(tmp_path, GRASSROOTS_CACHE=str(cache)) for _ in range(4)]
    assert [end(process)[0] for process in processes] == [14.0] * 4
    (kept,) = files(cache)
    assert kept.name.startswith("small.total-")
    assert end(begin(tmp_path, GRASSROOTS_CACHE=str(cache))) == (14.0, 0)


@pytest.mark.parametrize("damage", ["empty", "something else", "half", "a bit"])
def test_a_damaged_cache_is_never_a_wrong_result(damage: str, cache: Path, tmp_path: Path) -> None:
    """As a full disk or a bad one would leave it: compiled anew, and kept anew."""
    (kept,) = files(cache)
    content = kept.read_bytes()
    flipped = content[:-40] + bytes([content[-40] ^ 1]) + content[-39:]
    kept.write_bytes(
        {"empty": b"", "something else": b"not a cache", "half": content[: len(content) // 2], "a bit": flipped}[damage]
    )
    assert end(begin(tmp_path, GRASSROOTS_CACHE=str(cache))) == (14.0, 1)
    assert end(begin(tmp_path, GRASSROOTS_CACHE=str(cache))) == (14.0, 0)


ENTERING = """
import squares
from sim.compiler.compiled import entry

@entry
def total(x):
    return squares.square(x)
"""


def printed(use: str, cache: Path, *paths: Path) -> str:
    """Return what a process of its own prints, which imports from these folders."""
    return output_of(use, GRASSROOTS_CACHE=str(cache), PYTHONPATH=os.pathsep.join(map(str, (*paths, ROOT))))


def test_a_changed_file_outside_the_package_is_compiled_anew(tmp_path: Path) -> None:
    """Also where the entry's own file stays as it is, and one that it calls functions of changes."""
    called = SMALL.partition("@entry")[0]
    (tmp_path / "entering.py").write_text(ENTERING)
    use = "import entering; print(entering.total(3.0), entering.total.compiled)"
    found = []
    for text in (called, called, called.replace("x * x", "x * x + 1")):
        (tmp_path / "squares.py").write_text(text)
        found.append(printed(use, tmp_path / "cache", tmp_path))
    assert found == ["9.0 1", "9.0 0", "10.0 1"]


def test_a_function_without_a_file_is_not_kept(tmp_path: Path) -> None:
    """Another text of the same name, as of a notebook's cell, couldn't be told from it."""
    use = "from sim.compiler.compiled import entry\n@entry\ndef twice(x): return 2 * x\nprint(twice(3), twice.compiled)"
    assert [printed(use, tmp_path / "cache") for _ in range(2)] == ["6 1"] * 2


VILLAGE_KEY = "from sim.numerics.draws import village_key; print(len(village_key(1, 0, 'a')))"


def watched(cache: Path, use: str = VILLAGE_KEY) -> tuple[str, str]:
    """Compile something of the package in a process before a terminal; return what it prints and shows there."""
    pty = pytest.importorskip("pty")
    screen, terminal = pty.openpty()
    with os.fdopen(screen, "rb", 0) as shown, os.fdopen(terminal, "wb", 0) as stderr:
        own = environment(GRASSROOTS_CACHE=str(cache))
        done = subprocess.run([sys.executable, "-c", use], env=own, stdout=subprocess.PIPE, stderr=stderr, check=True)
        stderr.write(b"end")
        told = b""
        while not told.endswith(b"end"):
            told += shown.read(1024)
    return done.stdout.decode(), told.decode().removesuffix("end")


def test_a_first_run_says_what_it_waits_for_to_who_can_see_it(tmp_path: Path) -> None:
    """One line on a terminal, nothing in a file or with --quiet, and nothing once the code is kept."""
    assert watched(tmp_path) == ("2\n", f"{first_run.LINE}\r\n")
    assert watched(tmp_path) == ("2\n", "")
    assert output_of(VILLAGE_KEY, GRASSROOTS_CACHE=str(tmp_path / "other")) == "2"  # and an empty stderr
    quiet = "from sim.commands.output import Output; Output('run', quiet=True); "
    assert watched(tmp_path / "third", quiet + VILLAGE_KEY) == ("2\n", "")


def test_the_second_process_imports_no_compiler(cache: Path, tmp_path: Path) -> None:
    """Numba takes longer to import than all else of a start together."""
    (tmp_path / "small.py").write_text(SMALL)
    assert printed("import sys, small; print(small.total(4), 'numba' in sys.modules)", cache, tmp_path) == "14.0 False"


@pytest.mark.parametrize("where", [{"GRASSROOTS_CACHE": "{file}"}, {"HOME": "{file}"}, {"XDG_CACHE_HOME": "{file}/x"}])
def test_where_nothing_can_be_written_it_runs_all_the_same(where: dict[str, str], tmp_path: Path) -> None:
    """A file stands where the cache or the home should be, which not even root can write into."""
    file = tmp_path / "file"
    file.write_text("in the way")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    changes: dict[str, Any] = {name: value.format(file=file) for name, value in where.items()}
    assert end(begin(tmp_path, TMPDIR=str(temporary), **changes)) == (14.0, 1)
    assert file.read_text() == "in the way"


def test_a_user_without_a_home_gets_a_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As in a container under a user that its password file doesn't list."""

    def unlisted(*_: object) -> None:
        raise KeyError

    for name in ("GRASSROOTS_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unlisted)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert tmp_path in cache_folder.__wrapped__().parents


def test_a_read_only_home_and_package_are_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o500)
    try:
        assert end(begin(tmp_path, before=giving_up(), HOME=str(home)))[0] == 14.0
        assert files(home) == []
    finally:
        home.chmod(0o700)


def test_nothing_is_written_into_the_package(tmp_path: Path) -> None:
    """All of the cache lies in its folder; the places beside the source stay as they are."""
    cache, package = tmp_path / "cache", ROOT / "sim"
    before = set(package.rglob("*"))
    end(begin(tmp_path, GRASSROOTS_CACHE=str(cache), PYTHONDONTWRITEBYTECODE="1"))
    assert files(cache)
    assert set(package.rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir() if path != cache] == ["small.py"]
