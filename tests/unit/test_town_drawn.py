"""Towns: villages drawn unequal by their names, as far as their spreads say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import SMALL, SPREAD, drawn

from sim.scenario import Village, canonical, load_scenario
from sim.scenario.drawing import normal


@given(few=st.integers(1, 12), many=st.integers(1, 40))
@settings(max_examples=12, deadline=None)
def test_a_village_is_the_same_however_many_others_there_are(few: int, many: int) -> None:
    assert drawn(many).villages[:few] == drawn(few).villages[:many]


def test_a_village_is_known_by_its_name() -> None:
    one, other = drawn(5).villages, drawn(5, name="w").villages
    assert len({village.households for village in (*one, *other)}) > 7
    assert drawn(5, SPREAD, {"title": "another"}, {"weeks": 3}).villages == one


def test_the_draws_are_these_on_every_machine() -> None:
    """Numbers found once; a change of them changes every town."""
    assert f"{normal('village-1', 'households'):.9f}" == "1.824132844"
    first = load_scenario("town").villages[0]
    assert (first.households, first.newcomer_share, first.party_members, first.plan.idle_share) == (
        2798,
        0.2059,
        133,
        0.1636,
    )


def test_without_a_spread_all_are_alike() -> None:
    plain = load_scenario("baseline", {"villages": [{"name": "v", "copies": 4}]})
    assert drawn(4, {}) == plain
    assert canonical(drawn(4, {"households": 0, "keep_totals": True})) == canonical(plain)


@pytest.mark.parametrize("key", ["newcomer_share", "party_members", "worthies", "volunteers"])
def test_a_trait_varies_by_itself(key: str) -> None:
    """Its values are those that it has in a town where everything varies, but for people, who go with size."""
    alone = drawn(9, {key: SPREAD[key]})
    fixed = set(Village.model_fields) - {"name", key}
    assert len({getattr(village, key) for village in alone.villages}) > 4
    assert len({tuple(str(getattr(village, other)) for other in sorted(fixed)) for village in alone.villages}) == 1
    if key == "newcomer_share":
        assert [v.newcomer_share for v in alone.villages] == [v.newcomer_share for v in drawn(9).villages]


def test_spreads_are_what_they_say() -> None:
    """Of 4,000 villages: means within 4 standard errors (sd/sqrt(n)) and deviations too (sd/sqrt(2n), 4.5 %).

    So a mean that isn't kept (0.08 off with a spread of 0.4) or a spread wrong by 10 % would be found.
    """
    n = 4000
    villages = drawn(n, SPREAD, {"village.households": 100_000, "village.party_members": 10_000}).villages
    size = np.log([village.households / 100_000 for village in villages])
    per_household = np.log([village.party_members / village.households * 10 for village in villages])
    newcomers = np.array([village.newcomer_share for village in villages])
    newcomers = np.log(newcomers / (1 - newcomers)) - np.log(0.3 / 0.7)
    idle = np.array([village.plan.idle_share for village in villages])
    idle = np.log(idle / (1 - idle)) - np.log(0.3 / 0.7)
    for values, sd, mean in ((size, 0.4, -0.08), (per_household, 0.2, -0.02), (newcomers, 0.8, 0), (idle, 0.5, 0)):
        assert abs(values.mean() - mean) < 4 * sd / np.sqrt(n)
        assert abs(values.std() / sd - 1) < 4 / np.sqrt(2 * n)
        assert abs((((values - mean) / sd) ** 4).mean() - 3) < 4 * np.sqrt(96 / n)  # normal: a uniform would give 1.8
    correlations = np.corrcoef([size, per_household, newcomers, idle]) - np.eye(4)
    assert np.abs(correlations).max() < 4 / np.sqrt(n)
    assert abs(np.mean([village.households for village in villages]) / 100_000 - 1) < 4 * 0.42 / np.sqrt(n)


@given(
    households=st.integers(10, 4_000), members=st.integers(1, 300), share=st.floats(0, 1), sd=st.floats(0, 2),
    by_size=st.booleans(), totals=st.booleans(), copies=st.integers(1, 20),
)  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_whatever_is_drawn_lies_in_its_range(
    households: int, members: int, share: float, sd: float, by_size: bool, totals: bool, copies: int
) -> None:
    members = min(members, households)
    centre = {
        "village.households": households, "village.party_members": members, "village.newcomer_share": share,
        "village.volunteers": 10, "village.representatives": 10, "village.floating_members": min(9, households - members),
    }  # fmt: skip
    spread = {
        **SPREAD, "households": sd, "party_members": sd, "newcomer_share": sd, "people_by_size": by_size,
        "keep_totals": totals,
    }  # fmt: skip
    scenario = drawn(copies, spread, centre)
    for village in scenario.villages:
        assert Village.model_validate(village.model_dump()) == village
        assert village.party_members + village.floating_members <= village.households
        assert max(village.worthies, village.volunteers, village.representatives) <= village.households
        assert (village.newcomer_share in (0, 1)) or 0 < share < 1
    if totals:
        assert sum(village.households for village in scenario.villages) == copies * households


@given(
    households=st.integers(2_000, 50_000), members=st.integers(1, 300), sd=st.floats(0, 1), copies=st.integers(1, 60)
)
@settings(max_examples=25, deadline=None)
def test_totals_are_kept_to_the_last_household_and_member(
    households: int, members: int, sd: float, copies: int
) -> None:
    spread = {"households": sd, "party_members": sd / 4, "volunteers": sd / 4, "keep_totals": True}
    villages = drawn(copies, spread, {"village.households": households, "village.party_members": members}).villages
    assert sum(village.households for village in villages) == copies * households
    assert sum(village.party_members for village in villages) == copies * members
    assert sum(village.volunteers for village in villages) == copies * 16
    assert min(village.party_members for village in villages) >= 1


def test_people_go_with_size_unless_it_is_said_that_they_do_not() -> None:
    """In proportion within half a person, and every village has a member."""
    big = {"village.households": 1500, "village.party_members": 125, "village.worthies": 8}
    for village in drawn(40, {"households": 0.6}, big).villages:
        assert abs(village.party_members - max(1, village.households / 12)) <= 0.5
        assert abs(village.worthies - village.households * 8 / 1500) <= 0.5
    apart = drawn(40, {"households": 0.6, "people_by_size": False}, big).villages
    assert {village.party_members for village in apart} == {125}
    assert len({village.households for village in apart}) > 30
    assert min(village.party_members for village in drawn(40, {"households": 1}, SMALL).villages) >= 1
