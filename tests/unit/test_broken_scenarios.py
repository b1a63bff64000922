"""Hundreds of broken scenarios: each is told in one line with its place, by code 2, and leaves nothing behind.

The corpus is tests/corpus/broken_scenarios.txt. A mistake that was ever made belongs there, as a line.
"""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from own_process import environment

import sim.cli
from sim.base.errors import MOST, InputError, MistakesError
from sim.scenario import load_scenario
from sim.scenario.provenance import provenance

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus" / "broken_scenarios.txt"
SECONDS = 30
"""Of the processor's time, more than a case takes by a factor of ten and mostly of a thousand; a hang ends here."""


class Case(NamedTuple):
    """A scenario's files by name, and where and how the error is told."""

    line: int
    place: str
    what: str
    files: dict[str, bytes]


def corpus() -> Iterator[Case]:
    for number, text in enumerate(CORPUS.read_text(encoding="utf-8").split("\n"), 1):
        if text and not text.startswith("#"):
            place, what, literal = text.split("\t")
            held = ast.literal_eval(literal)
            files = held if isinstance(held, dict) else {"mine.yaml": held}
            yield Case(number, place, what, {name: encoded(content) for name, content in files.items()})


def encoded(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")


CASES = list(corpus())


@contextmanager
def alarm() -> Iterator[None]:
    """Raise TimeoutError in what takes longer than `SECONDS`."""

    def stop(*_: int | FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def command(*arguments: str) -> int:
    """Run the command in this process and return its exit code."""
    before = sys.argv
    sys.argv = ["grassroots", *arguments]
    try:
        with alarm(), pytest.raises(SystemExit) as stop:
            sim.cli.main()
    finally:
        sys.argv = before
    return int(stop.value.code or 0)


def test_the_corpus_is_large_and_has_no_case_twice() -> None:
    assert len(CASES) >= 300
    assert len({tuple(sorted(case.files.items())) for case in CASES}) == len(CASES)
    assert len({case.what for case in CASES}) >= 250


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder: Path, case: Case) -> None:
    """Leave nothing but a case's files in a folder."""
    for path in folder.iterdir():
        path.unlink()
    for name, content in case.files.items():
        (folder / name).write_bytes(content)


def test_every_broken_scenario_is_told_in_one_line_with_its_place(folder: Path) -> None:
    wrong = []
    for case in CASES:
        put(folder, case)
        with alarm():
            try:
                told = f"taken: {load_scenario('mine.yaml')}"
            except InputError as error:
                told = str(error)
        left = {path.name: path.read_bytes() for path in folder.iterdir()}
        if (
            not told.startswith(f"{case.place}: {case.what}")
            or not 1 <= len(told.splitlines()) <= MOST
            or left != case.files
        ):
            wrong.append(f"{CORPUS.name}:{case.line}: {told}")
    assert wrong == []


def test_the_command_tells_them_alike_with_code_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One in twelve, since the command adds but the code and the stream."""
    for case in CASES[::12]:
        put(folder, case)
        assert command("check", "mine.yaml") == 2
        captured = capsys.readouterr()
        assert 1 <= len(captured.err.splitlines()) <= MOST
        assert captured.err.startswith(f"{case.place}: {case.what}")
        assert captured.out == ""
        assert {path.name for path in folder.iterdir()} == set(case.files)


BIG = {
    "lists in lists": "village: " + "[" * 100_000, "blocks in blocks": "village: " + "{a: " * 100_000,
    "closed lists": "village: " + "[" * 60_000 + "]" * 60_000, "a long word": "title: " + "x" * 999_000 + "\nweeks: x",
    "many keys": "title: a\n" + "".join(f"k{k}: 1\n" for k in range(60_000)),
    "many villages": "title: a\nvillages:\n" + "".join(f"- {{name: v{k}, households: 1}}\n" for k in range(20_000)),
    "many interventions": "title: a\ninterventions:\n" + "- kind: donation\n" * 10_000,
    "many documents": "---\n" * 200_000, "many comments": "# x\n" * 240_000, "only blanks": " " * 999_000,
    "a file too long": "x" * 1_000_001, "many lines of one word": "title: a\n" + "  b\n" * 200_000 + "weeks: x\n",
    "a number of many digits": "title: a\nweeks: " + "9" * 900_000, "an open quote": "title: 'a" + "\n\n" * 400_000,
}  # fmt: skip


@pytest.mark.parametrize("case", BIG)
def test_a_large_file_is_refused_at_once(case: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine.yaml").write_text(BIG[case], encoding="utf-8")
    assert command("check", "mine.yaml") == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("mine.yaml")
    assert 1 <= len(captured.err.splitlines()) <= MOST
    assert len(captured.err) < 200 * MOST
    assert captured.out == ""


@pytest.mark.parametrize("case", [CASES[k] for k in (0, 280)], ids=lambda case: f"line {case.line}")
@pytest.mark.parametrize("name", ["run", "compare"])
def test_a_process_of_its_own_says_the_same(name: str, case: Case, tmp_path: Path) -> None:
    for file, content in case.files.items():
        (tmp_path / file).write_bytes(content)
    others = ["baseline"] if name == "compare" else []
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", name, "mine.yaml", *others], cwd=tmp_path, capture_output=True, text=True,
        timeout=20 * SECONDS, env=environment(),
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"{case.place}: {case.what}")
    assert done.stdout == ""
    assert {path.name for path in tmp_path.iterdir()} == set(case.files)


# --set ---------------------------------------------------------------------------------------------------------------

KEYS = sorted(provenance(load_scenario("campaign")))
values = st.one_of(
    st.text(max_size=20), st.floats().map(str), st.integers().map(str),
    st.sampled_from(["", "null", "~", "[", "]", "{a: b}", "{from: S01}", "{value: 1, assumption: x}", "&a 1", "*a", "!!int 1",
                     "- 1", "1\n2", "'", '"', "%", "@", "\t1", "=", "0x1", "1e999", "\udcff", "\x00", "a: b", "# x"]),
)  # fmt: skip
keys = st.one_of(st.sampled_from(KEYS), st.text(max_size=15), st.sampled_from(KEYS).map(lambda key: key[:-1]))
sets = st.one_of(st.builds("{}={}".format, keys, values), st.text(max_size=30))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sets=st.lists(sets, min_size=1, max_size=2))
def test_any_set_is_taken_or_told_in_one_line(sets: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Through the command, as a shell hands it over: bytes that aren't UTF-8 come as halves of surrogate pairs."""
    arguments = [f"--set={text}" for text in sets]
    code = command("check", "campaign", *arguments)
    captured = capsys.readouterr()
    assert code in (0, 2)
    assert (len(captured.err.splitlines()), captured.out == "") == ((1, True) if code else (0, False))
    if code:
        assert captured.err.startswith("--set: ")


def test_bytes_of_a_shell_that_aren_t_text_are_told(tmp_path: Path) -> None:
    """In the value, the key, and the name of a file that is there and of one that isn't."""
    broken = b"\xff.yaml"
    (tmp_path / os.fsdecode(broken)).write_text("title: x\nweeks: 3\n", encoding="utf-8")
    good = [b"check", broken]
    for arguments, code in (
        ([b"check", b"baseline", b"--set=title=\xff"], 2), ([b"check", b"baseline", b"--set=\xff=1"], 2),
        ([b"check", b"\xfe.yaml"], 2), (good, 0),
    ):  # fmt: skip
        done: Any = subprocess.run(
            [sys.executable, "-m", "sim.cli", *arguments], cwd=tmp_path, capture_output=True, timeout=20 * SECONDS,
            env=environment(PYTHONIOENCODING="utf-8:strict"),
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert len((done.stderr if code else done.stdout).splitlines()) == 1
        assert b"Traceback" not in done.stderr


def test_all_mistakes_are_told_in_the_order_of_their_lines(folder: Path) -> None:
    (folder / "mine.yaml").write_text(
        "titel: a\nweeks: many\nhousehold:\n  own_yrd: 1\n  kin: -1\n  trust: high\n"
        "village: {households: 3, plan: {sight: 9}}\ninterventions:\n- kind: donatoin\n"
        "- {kind: role_model, message: 7, strenght: 1}\n- {kind: donation, yuan: 5}\n",
        encoding="utf-8",
    )
    with pytest.raises(MistakesError) as error:
        load_scenario("mine.yaml")
    lines = str(error.value).splitlines()
    assert [int(line.split(":")[1]) for line in lines] == [1, 2, 4, 5, 6, 7, 7, 9, 10, 10]
    assert lines[0] == "mine.yaml:1: unknown key 'titel', did you mean 'title'?"
    assert lines[-1].startswith("mine.yaml:10: unknown key 'strenght'") or "message is 7" in lines[-1]
    assert command("check", "mine.yaml") == 2


def test_mistakes_of_what_contradicts_itself_are_told_together(folder: Path) -> None:
    (folder / "mine.yaml").write_text(
        "title: a\nvillage: {households: 20, party_members: 30, worthies: 3}\ninterventions:\n"
        "- {kind: donation, uses: {works: 0.9, hauling: 0.9}}\n- {kind: role_model, start: 5, stop: 3}\n"
        "- {kind: charter, where: {villages: [none]}}\n"
        "- {kind: rollout, interventions: [], wave_weeks: [3]}\noverrides: {x: {weeks: 0}}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="weeks is 0"):
        load_scenario("mine.yaml")
    path = folder / "mine.yaml"
    path.write_text(path.read_text(encoding="utf-8").partition("overrides")[0], encoding="utf-8")
    with pytest.raises(MistakesError) as error:
        load_scenario("mine.yaml")
    assert [mistake.line for mistake in error.value.errors] == [2, 4, 5, 7]
    text = path.read_text(encoding="utf-8").replace(
        "party_members: 30", "party_members: 3, volunteers: 3, representatives: 3"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MistakesError) as error:  # villages are known now, and so who isn't among them
        load_scenario("mine.yaml")
    assert [mistake.line for mistake in error.value.errors] == [4, 5, 6, 7]


def test_at_most_20_mistakes_are_told(folder: Path) -> None:
    (folder / "mine.yaml").write_text("title: a\n" + "".join(f"k{k}: 1\n" for k in range(100)), encoding="utf-8")
    with pytest.raises(MistakesError) as error:
        load_scenario("mine.yaml")
    assert [mistake.line for mistake in error.value.errors] == list(range(2, 22))
