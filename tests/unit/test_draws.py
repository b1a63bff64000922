"""Chance: the published generator, keyed by who, when and what for, with uniform and independent draws.

Everything here is deterministic: a statistical test looks at fixed draws, so it passes always or never. Its level says
how often a sound generator would have failed when the seed was picked, its power how surely an unsound one would have.
"""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from calling import from_python
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, ncx2, norm

from sim.engine import mechanisms
from sim.numerics import draws

U32 = np.uint32
WORD = st.integers(0, 2**32 - 1)
LEVEL = 1e-4
fill_uniform = from_python(draws.fill_uniform)
fill_uniform_at = from_python(draws.fill_uniform_at)
phase_key = from_python(draws.phase_key)
threefry = from_python(draws.threefry)
uniform = from_python(draws.uniform)
week_keys = from_python(draws.week_keys)


def key(seed: int = 1, replicate: int = 0, name: str = "village", week: int = 3, channel: int = 20) -> draws.Key:
    return phase_key(*draws.village_key(seed, replicate, name), week, channel)


def many(k: draws.Key, n: int, first: int = 0, slot: int = 0) -> npt.NDArray[np.float64]:
    out = np.empty(n)
    fill_uniform(k, first, slot, out, np.empty((2, n), np.uint32))
    return out


@pytest.mark.parametrize(
    ("counter", "key_words", "expected"),
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((0xFFFFFFFF,) * 2, (0xFFFFFFFF,) * 2, (0x1CB996FC, 0xBB002BE7)),
        ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xC4923A9C, 0x483DF7A0)),
    ],
)
def test_threefry2x32_20_gives_the_published_answers(
    counter: tuple[int, int], key_words: tuple[int, int], expected: tuple[int, int]
) -> None:
    """The lines `threefry2x32 20` of kat_vectors in Random123 (Salmon and others)."""
    found = threefry(*(U32(word) for word in (*counter, *key_words)))
    assert (int(found[0]), int(found[1])) == expected


@settings(deadline=None)  # a function's first call compiles it
@given(WORD, WORD, st.integers(0, 2**31), st.sampled_from([1, 7, 8, 255, 512, 600]), WORD)
def test_filling_a_block_gives_the_draws_one_by_one(k0: int, k1: int, first: int, n: int, slot: int) -> None:
    k = (U32(k0), U32(k1))
    block = many(k, n, first, slot)
    for i in {0, n // 2, n - 1}:
        assert block[i] == uniform(k, first + i, slot)


@settings(deadline=None)
@given(WORD, WORD, st.integers(0, 2**31), st.lists(st.integers(0, draws.BLOCK - 1), max_size=draws.BLOCK))
def test_filling_some_places_of_a_block_gives_the_draws_one_by_one(k0: int, k1: int, first: int, at: list[int]) -> None:
    k, out = (U32(k0), U32(k1)), np.empty(len(at))
    fill_uniform_at(k, first, np.array([*at, 999], np.int32), out, np.empty((2, draws.BLOCK), np.uint32))
    assert out.tolist() == [uniform(k, first + i, 0) for i in at]


def test_a_block_s_first_household_is_all_that_sets_its_place() -> None:
    """Cutting households into blocks of another size must not move a draw."""
    whole = many(key(), 1000)
    parts = np.concatenate([many(key(), n, first) for first, n in ((0, 1), (1, 255), (256, 256), (512, 488))])
    assert np.array_equal(whole, parts)


@settings(deadline=None)
@given(WORD, WORD, WORD, WORD)
def test_a_uniform_is_in_0_to_1_and_a_whole_number_of_2_to_the_minus_53(k0: int, k1: int, h: int, slot: int) -> None:
    u = uniform((U32(k0), U32(k1)), h, slot)
    assert 0.0 <= u < 1.0
    assert (u * 2.0**53).is_integer()


def test_whatever_a_draw_is_for_changes_it() -> None:
    """Seed (both words), replicate, village, week, channel, household and slot; 53 bits make a chance match hopeless.

    Two words swapped (week 5 on channel 9, week 9 on channel 5) must differ too, as must household and slot.
    """
    found = [uniform(key(), 4, 0)]
    found += [uniform(key(seed=seed), 4, 0) for seed in (0, 2, 2**32, 2**32 + 1, 2**64 - 1)]
    found += [uniform(key(replicate=r), 4, 0) for r in (1, 2, 2**32 - 1)]
    found += [uniform(key(name=name), 4, 0) for name in ("village-1", "village-2", "Village", "村", "")]
    found += [uniform(key(week=week), 4, 0) for week in (0, 1, 2, draws.BUILDING)]
    found += [uniform(key(channel=channel), 4, 0) for channel in range(1, 20)]
    found += [uniform(key(), household, 0) for household in (0, 1, 5, 1_000_000)]
    found += [uniform(key(), 4, slot) for slot in (1, 2, 5, 1_000_000)]
    found += [uniform(key(week=5, channel=9), 4, 0), uniform(key(week=9, channel=5), 4, 0)]
    found += [uniform(key(), 7, 8), uniform(key(), 8, 7)]
    found += [uniform(key(seed=7, replicate=8), 4, 0), uniform(key(seed=8, replicate=7), 4, 0)]
    assert len(set(found)) == len(found)


def test_draws_are_the_same_for_ever() -> None:
    """A change of keys would silently change every result; if it is meant, this number changes with it.

    It was computed in Python's own integers, by the definition in the module's docstring.
    """
    mask = 0xFFFFFFFF

    def threefry(c: tuple[int, int], k: tuple[int, int]) -> tuple[int, int]:
        keys = (k[0], k[1], k[0] ^ k[1] ^ 0x1BD11BDA)
        x, y = (c[0] + keys[0]) & mask, (c[1] + keys[1]) & mask
        for r in range(20):
            turn = (13, 15, 26, 6, 17, 29, 16, 24)[r % 8]
            x = (x + y) & mask
            y = ((y << turn | y >> (32 - turn)) & mask) ^ x
            if r % 4 == 3:
                s = r // 4 + 1
                x = (x + keys[s % 3]) & mask
                y = (y + keys[(s + 1) % 3] + s) & mask
        return x, y

    seed, replicate, name, week, channel, household, slot = 2**40 + 17, 3, "Dungen", 51, draws.TALK, 1234, 7
    run = threefry((replicate, 0), (seed & mask, seed >> 32))
    village = threefry(draws.identity(name), run)
    x, y = threefry((household, slot), threefry((week, channel), village))
    expected = ((x >> 5) * 2**26 + (y >> 6)) / 2**53
    k = phase_key(*draws.village_key(seed, replicate, name), week, channel)
    assert uniform(k, household, slot) == expected


def test_the_words_that_identify_a_name_never_change() -> None:
    """BLAKE2b of the name in UTF-8, 8 bytes, little-endian words: nothing of Python's own salted hash."""
    assert draws.identity("village") == (123699825, 4212266642)


def test_channel_numbers_are_unique() -> None:
    """Two decisions on one channel would share their luck."""
    tree = ast.parse(Path(draws.__file__).read_text(encoding="utf-8"))
    numbers = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    size_of_a_block = numbers.pop("BLOCK")
    building = numbers.pop("BUILDING")
    first_weekly, channels = numbers.pop("FIRST_WEEKLY"), numbers.pop("CHANNELS")
    assert size_of_a_block % 8 == 0  # masks are looked at eight at a time
    assert building == 2**32 - 1  # no week
    assert len(numbers) >= 20
    assert len(set(numbers.values())) == len(numbers)
    assert first_weekly in numbers.values()
    assert max(numbers.values()) < channels


def test_a_week_s_keys_are_those_of_its_channels() -> None:
    """Every weekly channel, in two weeks and villages one after the other in the same room."""
    keys = np.zeros((2, draws.CHANNELS), np.uint32)
    for week, name in ((0, "village"), (51, "village"), (51, "other")):
        village = draws.village_key(3, 1, name)
        week_keys(*village, week, keys)
        for channel in range(draws.FIRST_WEEKLY, draws.CHANNELS):
            assert tuple(keys[:, channel]) == phase_key(*village, week, channel)


def test_channels_that_mechanisms_draw_on_by_week_have_weekly_keys() -> None:
    """A key that nobody writes would be 0, the same in every week, village and run."""
    channels = {
        node.args[1].attr
        for path in (Path(mechanisms.__file__).parent).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "key_of" and isinstance(node.args[1], ast.Attribute)
    }
    assert {"DECISION", "TALK", "MESSAGE"} <= channels
    assert all(draws.FIRST_WEEKLY <= getattr(draws, channel) < draws.CHANNELS for channel in channels)


@pytest.mark.parametrize(("seed", "replicate"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**32)])
def test_seeds_and_replicates_out_of_range_are_refused(seed: int, replicate: int) -> None:
    with pytest.raises(ValueError, match="must be from"):
        draws.village_key(seed, replicate, "village")


def test_seeds_and_replicates_at_the_ends_are_taken() -> None:
    ends = {tuple(map(int, draws.village_key(s, r, "v"))) for s in (0, 2**64 - 1) for r in (0, 2**32 - 1)}
    assert len(ends) == 4


@pytest.mark.parametrize("over", ["households", "weeks", "villages"])
def test_draws_are_uniform(over: str) -> None:
    """Chi-square with 100 bins, level 1e-4, over each way in which draws are strung together.

    Power against a density tilted by 2.5 % from end to end (1 + 0.0125 (2u - 1)) over 1e6 draws, and against one by
    30 % over 10,000: the noncentrality is n d^2 / 3, which gives more than 99 % in both cases, computed below.
    """
    if over == "households":
        u, tilt = many(key(), 1_000_000), 0.0125 * 1.5
    else:
        keys = (key(week=w) for w in range(10_000)) if over == "weeks" else (key(name=f"v{w}") for w in range(10_000))
        u, tilt = np.array([uniform(k, 0, 0) for k in keys]), 0.19
    bins = 100
    limit = chi2.isf(LEVEL, bins - 1)
    assert ncx2.sf(limit, bins - 1, u.size * tilt**2 / 3) > 0.99
    expected = u.size / bins
    statistic = ((np.histogram(u, bins, (0.0, 1.0))[0] - expected) ** 2 / expected).sum()
    assert statistic < limit


def test_all_53_bits_are_fair() -> None:
    """Each bit is 1 in half of 200,000 draws: z below 4.5 for all of 53 (level 4e-4 in all).

    Power above 99 % against a bit that is 1 with probability 0.508; a bit that is always 0 gives z = 447.
    """
    n = 200_000
    assert norm.cdf(2 * 0.008 * np.sqrt(n) - 4.5) > 0.99
    whole = (many(key(), n) * 2.0**53).astype(np.uint64)
    for bit in range(53):
        ones = int(((whole >> np.uint64(bit)) & np.uint64(1)).sum())
        assert abs(ones - n / 2) / np.sqrt(n / 4) < 4.5, f"bit {bit}"


@pytest.mark.parametrize("pair", ["next household", "next week", "next channel", "next slot", "next replicate"])
def test_neighbouring_draws_are_independent(pair: str) -> None:
    """Correlation of 100,000 pairs: sqrt(n) r is standard normal; limit 4, power above 99 % against r = 0.021."""
    n = 100_000
    assert norm.cdf(0.021 * np.sqrt(n) - 4) > 0.99
    u = many(key(), n)
    if pair == "next slot":
        k = key()
        other = np.array([uniform(k, i, 1) for i in range(n)])
    else:
        other = {
            "next household": lambda: many(key(), n, 1),
            "next week": lambda: many(key(week=4), n),
            "next channel": lambda: many(key(channel=21), n),
            "next replicate": lambda: many(key(replicate=1), n),
        }[pair]()
    assert abs(np.corrcoef(u, other)[0, 1]) * np.sqrt(n) < 4
