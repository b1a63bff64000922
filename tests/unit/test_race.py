"""The race: all entrants that are installed give the model's one answer, and what is missing or wrong is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from benchmarks.race import MISSING, SHAPES, keys_of, lines_of, row_of, turns_of
from race.driver import Driver, RaceError
from race.entrants import ENGINE, PEERS, Turn
from race.problem import Answer, Problem, draw, read, solve, write
from race.rounds import Course, Heat, check, interval, measure

INSTALLED = [entrant for entrant in (ENGINE, *PEERS) if entrant.python() is not None]
HERE = {"engine", "engine_told", "mesa", "mesa_cached", "numpy_stencil", "scipy_csr"}
"""What the project's own requirements bring along."""


def line_of_four() -> Problem:
    """Four households in a row, with thresholds 1, 1, 2, 1; the first is visited in week 1, the last in week 4."""
    visits = np.array([[0], [0], [0], [3]], np.int32)
    return Problem(
        1, 4, np.array([9, 1, 2, 1], np.uint8), np.array([1, 1, 2, 0], np.uint8), np.zeros(4, np.uint8), visits
    )


def test_a_cascade_by_hand() -> None:
    """Week 1: the visited one. 2: its neighbour, while it lapses and is visited again. 3: as it was, for the third needs
    two neighbours, so the last has none. 4: the last is visited."""
    assert solve(line_of_four(), 4) == Answer([1, 2, 2, 3], [1, 1, 0, 1])


def test_a_lapse_by_hand() -> None:
    """Two neighbours hold each other up; the third, two plots away, lapses at once and takes nobody along."""
    problem = Problem(
        1,
        4,
        np.full(4, 9, np.uint8),
        np.ones(4, np.uint8),
        np.array([1, 1, 0, 1], np.uint8),
        np.zeros((2, 0), np.int32),
    )
    assert solve(problem, 2) == Answer([2, 2], [1, 0])


def test_neighbours_are_those_on_the_eight_plots_around() -> None:
    problem = draw(3, 4, 1, seed=5)
    seen, sees = problem.pairs()
    pairs = set(zip(seen.tolist(), sees.tolist(), strict=True))
    assert len(pairs) == seen.size
    assert pairs == {
        (a, b) for a in range(12) for b in range(12) if a != b and abs(a // 4 - b // 4) <= 1 and abs(a % 4 - b % 4) <= 1
    }


def test_a_problem_is_kept_whole_in_its_file_and_drawn_again_alike(tmp_path: Path) -> None:
    problem = draw(6, 7, 3, seed=11)
    write(problem, tmp_path / "problem.npz")
    for other in (read(tmp_path / "problem.npz"), draw(6, 7, 3, seed=11)):
        for mine, theirs in zip(problem, other, strict=True):
            np.testing.assert_array_equal(mine, theirs)
    assert (draw(6, 7, 3, seed=12).up != problem.up).any()


def test_the_course_keeps_moving_to_the_end() -> None:
    """The bounds are what the package's docstring says of the race's courses: 30 to 80 % adopt, 1.5 to 4 % flip a week
    after the first weeks. By seed the share's s.d. is below 1 point at this size."""
    households = 10_000
    answer = solve(draw(*SHAPES[households], 52, 2026), 52)
    flips = np.array(answer.flips) / households
    assert 0.3 < answer.adopters[-1] / households < 0.8
    assert (flips[4:] > 0.015).all()
    assert (flips[4:] < 0.04).all()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(9, 14, 20, 3, tmp_path_factory.mktemp("course"))


def test_what_the_project_needs_can_race() -> None:
    assert {entrant.name for entrant in INSTALLED} >= HERE


@pytest.mark.parametrize("entrant", INSTALLED, ids=lambda entrant: entrant.name)
def test_every_entrant_gives_the_answer_again_and_again(entrant, course: Course) -> None:
    """Two runs in one measurement, on a grid that isn't a square and with an odd number of weeks, and a third after it."""
    with Driver(entrant) as driver:
        driver.build(course.file)
        assert driver.version or entrant is ENGINE
        for weeks, repeats in ((19, 2), (20, 1)):
            run = driver.order("run", weeks=weeks, repeats=repeats)
            assert run["adopters"] == course.answer.adopters[:weeks]
            assert run["cpu"] >= 0.0
            assert run["wall"] > 0.0


def test_the_two_batches_give_every_replicate_its_answer(tmp_path: Path) -> None:
    problems = [draw(5, 6, 8, seed) for seed in range(4)]
    files = [tmp_path / f"{k}.npz" for k in range(4)]
    for problem, file in zip(problems, files, strict=True):
        write(problem, file)
    with Driver(ENGINE) as driver:
        for threads in (1, 2):
            found = driver.order("batch", problems=[str(file) for file in files], weeks=8, threads=threads)
            assert found["adopters"] == [solve(problem, 8).adopters for problem in problems]


def test_a_wrong_answer_ends_the_race(course: Course) -> None:
    with Driver(ENGINE) as driver:
        driver.build(course.file)
        wrong = course.answer.adopters.copy()
        wrong[2] += 1
        with pytest.raises(RaceError, match=rf"engine: {wrong[2]} adopters at the end of week 3, not {wrong[2] - 1}"):
            check(driver, wrong, course.answer)
        with pytest.raises(RaceError, match="at the end of week 3"):
            measure(driver, 20, 1, Answer(wrong, course.answer.flips))


def test_an_entrant_that_breaks_down_is_named(course: Course) -> None:
    with Driver(ENGINE) as driver, pytest.raises(RaceError, match="engine ended with exit code 1"):
        driver.order("build", problem=str(course.file.with_name("nowhere.npz")))


def test_a_peer_that_is_missing_is_told(course: Course) -> None:
    missing = PEERS[2]._replace(name="nobody", package="nobody", imported="no_such_module")
    assert missing.python() is None
    with pytest.raises(RaceError, match="nobody is not installed"):
        Driver(missing)
    mesa = next(peer for peer in PEERS if peer.name == "mesa")
    told = next(peer for peer in PEERS if peer.name == "engine_told")
    with ThreadPoolExecutor(2) as executor, Heat(course, [(mesa, Turn(5, 2)), (told, Turn(20, 3))], executor) as heat:
        result, other = heat.run()
    assert (len(result.ratios), len(other.ratios)) == (2, 3)
    with (
        ThreadPoolExecutor(1) as executor,
        Heat(course, [(missing, Turn(5, 2))], executor) as heat,
        pytest.raises(RaceError, match="nobody is not installed"),
    ):
        heat.run()
    table = [row_of(mesa, 100_000, result), row_of(missing, 100_000, None), row_of(told, 100_000, None)]
    keys = keys_of(table)
    assert keys["shared_by_peer"]["nobody"] is None
    assert keys["shared_vs_mesa"] == keys["shared_by_peer"]["mesa"]["100000"]["ratio"]
    assert lines_of(table)[2].endswith(MISSING)


def test_the_interval_is_of_the_median_of_pairs() -> None:
    """Of nine, the second and the eighth: fewer than two are on one side in 10 of 512 cases, fewer than three in 46."""
    assert interval([4.0, 5.0, 6.0, 7.0, 8.0]) == (6.0, None, None)
    assert interval([3.0]) == (3.0, None, None)
    assert interval([float(x) for x in range(9, 0, -1)]) == (5.0, 2.0, 8.0)
    assert interval([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]) == (3.5, 1.0, 6.0)


def test_every_peer_has_its_turn_in_the_quick_race() -> None:
    """Each at one size, and those of `shared_vs_mesa` and `shared_counts_told` at 100,000, as in the full race."""
    quick = turns_of(quick=True)
    names = [peer.name for turns in quick.values() for peer, _ in turns]
    assert sorted(names) == sorted(peer.name for peer in PEERS)
    assert {"mesa", "engine_told"} <= {peer.name for peer, _ in quick[100_000]}
    assert turns_of(quick=False) == {size: [(peer, peer.turns[size]) for peer in PEERS] for size in SHAPES}
