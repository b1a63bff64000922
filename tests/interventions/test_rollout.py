"""Roll-out: its plan is kept, pilots come first, who copies has seen a lead, and attention is shared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from one_village import content, grown

from sim.base.errors import InputError
from sim.engine import tallies as t
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.scenario import load_scenario

TINY = {"village__households": 20, "village__party_members": 2, "village__volunteers": 1}
SEEN = {"kind": "household_contact", "time_factor": 4.0}
TWELVE = [{"name": "v", "copies": 12}]


def rollout(**keys: Any) -> dict[str, Any]:
    return {"kind": "rollout", "interventions": ["household_contact"], **keys}


def started(simulation: Simulation) -> np.ndarray[Any, Any]:
    """Return the week in which each village began."""
    return simulation.state.village_i64[c.STARTED]


def shares(simulation: Simulation) -> np.ndarray[Any, Any]:
    """Return adopted shares, (weeks, villages)."""
    cells = simulation.counts[:, :, t.rows("households")].reshape(*simulation.counts.shape[:2], 4, 4, 2)
    return cells[:, :, :, 2:].sum(axis=(2, 3, 4)) / cells.sum(axis=(2, 3, 4))


# by plan -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [0, 3])
def test_planned_weeks_are_kept_exactly(start: int) -> None:
    plan = rollout(start=start, first=3, wave_weeks=(4, 9), wave_sizes=(5, 2))
    simulation = grown(SEEN, plan, weeks=20, villages=TWELVE, **TINY)
    weeks = started(simulation)
    assert sorted(weeks.tolist()) == [c.NEVER] * 2 + [start] * 3 + [start + 4] * 5 + [start + 9] * 2
    in_programme = simulation.counts[:, :, t.row("in_programme")]
    assert np.array_equal(in_programme, (np.arange(20)[:, None] >= weeks) & (weeks >= 0))
    # And what they began is what they do: visits speak of the yard from that week on, and nowhere else.
    spoken = simulation.counts[:, :, t.row("messages")].cumsum(axis=0) > 0
    assert not (spoken & (in_programme == 0)).any()
    assert spoken[-1].tolist() == (weeks >= 0).tolist()


def test_waves_of_more_villages_than_there_are_take_all() -> None:
    simulation = grown(SEEN, rollout(first=2, wave_weeks=(5,), wave_sizes=(99,)), weeks=6, villages=TWELVE, **TINY)
    assert sorted(started(simulation).tolist()) == [0] * 2 + [5] * 10


def test_named_pilots_begin_first() -> None:
    pilots = ("v-11", "v-4", "v-7")
    for first in (3, 5):
        plan = rollout(first=first, wave_weeks=(6,), wave_sizes=(3,), pilot_villages=pilots)
        weeks = started(grown(SEEN, plan, weeks=8, villages=TWELVE, **TINY))
        assert (weeks[[10, 3, 6]] == 0).all()
        assert (weeks == 0).sum() == first
        assert (weeks == 6).sum() == 3
    # More pilots than begin at once: the others are the next wave's.
    weeks = started(grown(SEEN, rollout(first=2, wave_weeks=(6,), wave_sizes=(1,), pilot_villages=pilots), weeks=8,
                          villages=TWELVE, **TINY))  # fmt: skip
    assert weeks[[10, 3, 6]].tolist() == [0, 0, 6]


def test_the_order_of_villages_in_the_file_does_not_matter() -> None:
    names = [f"v{k}" for k in range(8)]
    plan = rollout(first=2, wave_weeks=(7,), wave_sizes=(2,), copying=0.5, attention=1, support=6)
    runs = []
    for order in (names, names[::-1]):
        villages = [{"name": name, "predisposition_shift": 3.0 if name < "v4" else 0.0} for name in order]
        simulation = grown(SEEN, plan, weeks=25, villages=villages, **TINY)
        runs.append({name: simulation.counts[:, v].tobytes() for v, name in enumerate(order)})
    assert runs[0] == runs[1]


def test_villages_that_have_not_begun_are_as_without_the_interventions() -> None:
    bare = grown(weeks=20, villages=TWELVE, **TINY)
    there = grown(SEEN, rollout(first=4, wave_weeks=(10,), wave_sizes=(4,)), weeks=20, villages=TWELVE, **TINY)
    for v, week in enumerate(started(there)):
        until = 20 if week < 0 else week
        assert np.array_equal(bare.counts[:until, v], there.counts[:until, v])
        assert np.array_equal(bare.totals[:until, v], there.totals[:until, v])


# copying -------------------------------------------------------------------------------------------------------------

# Pilots climb fast by themselves; the others stay where they are, so that the lead is the pilots' share.
UNLIKE = [{"name": "pilot", "copies": 4, "predisposition_shift": 2.5},
          {"name": "other", "copies": 60, "predisposition_shift": -9.0}]  # fmt: skip
PILOTS = ("pilot",)


def copied(weeks: int = 30, **keys: Any) -> tuple[Simulation, np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return a simulation, each village's beginning, and the lead that it saw in each week, (weeks, villages)."""
    plan = rollout(first=4, pilot_villages=PILOTS, **keys)
    simulation = grown(SEEN, plan, weeks=weeks, villages=UNLIKE, **TINY)
    weeks_begun, share = started(simulation), shares(simulation)
    lead = np.zeros_like(share)
    for week in range(1, weeks):
        ahead = (weeks_begun >= 0) & (weeks_begun < week)
        lead[week] = share[week - 1, ahead].mean() - share[week - 1]
    return simulation, weeks_begun, lead


def test_nobody_copies_without_pace_or_where_no_lead_convinces() -> None:
    for keys in ({}, {"copying": 1.0, "lead": 1.0}):
        _, begun, lead = copied(**keys)
        assert (begun[4:] == c.NEVER).all()
        assert lead.max() > 0.4


def test_nobody_copies_where_nobody_has_begun() -> None:
    plan = rollout(first=0, copying=1.0)
    assert (started(grown(SEEN, plan, villages=UNLIKE, **TINY)) == c.NEVER).all()


@pytest.mark.parametrize("needed", [0.2, 0.5])
def test_copying_needs_a_lead(needed: float) -> None:
    """Who begins has seen more than the lead that convinces, in the week itself; exact."""
    _, begun, lead = copied(copying=1.0, lead=needed)
    copiers = [v for v in range(4, 64) if begun[v] >= 0]
    assert len(copiers) > 8
    assert all(lead[begun[v], v] > needed for v in copiers)


def test_copying_comes_at_its_pace() -> None:
    """A village begins with probability pace * lead a week: 60 villages, within 4 standard errors of the expected sum;
    about 40 copy in all, so twice or half the pace would be told with a power above 95 %."""
    _, begun, lead = copied(copying=0.08)
    at_risk = np.array([[begun[v] < 0 or begun[v] >= week for v in range(4, 64)] for week in range(1, 30)])
    chance = np.where(at_risk, 0.08 * np.maximum(0.0, lead[1:, 4:]), 0.0)
    copiers = (begun[4:] >= 0).sum()
    assert copiers > 15
    assert abs(copiers - chance.sum()) < 4 * np.sqrt((chance * (1 - chance)).sum())


# attention -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capacity", [1, 3, 5])
def test_new_villages_share_the_attention(capacity: int) -> None:
    """Over those that began less than `support` weeks ago it sums to the capacity, or is whole where there are few."""
    plan = rollout(first=2, wave_weeks=(4, 9), wave_sizes=(6, 2), attention=capacity, support=7)
    simulation = grown(SEEN, plan, weeks=1, villages=TWELVE, **TINY)
    for week in range(1, 20):
        begun, attention = started(simulation), simulation.state.village_f64[c.ATTENTION]
        fresh = (begun >= 0) & (week - 1 - begun < 7)
        assert (attention[~fresh] == 1.0).all()
        if fresh.any():
            assert attention[fresh].sum() == pytest.approx(min(capacity, fresh.sum()), rel=1e-12)
            assert np.ptp(attention[fresh]) == 0.0
        simulation.advance(1)


def test_attention_scales_what_the_intervention_does() -> None:
    """Half the attention is half the extra time: visits of the shared weeks, against a roll-out that isn't crowded."""
    time = []
    for attention in (0, 6):
        plan = rollout(first=12, attention=attention, support=200)
        intervention = {**SEEN, "time_factor": 11.0, "message": 0.0}
        time.append(grown(intervention, plan, weeks=60, villages=TWELVE).counts[:, :, t.row("contact_seconds")].sum())
    assert time[1] / time[0] == pytest.approx(6 / 11, rel=0.02)


def test_without_limit_attention_is_whole() -> None:
    simulation = grown(SEEN, rollout(first=12, support=50), weeks=5, villages=TWELVE, **TINY)
    assert (simulation.state.village_f64[c.ATTENTION] == 1.0).all()


def test_an_example_is_whole_again_once_attention_is() -> None:
    """Two villages with half the attention for five weeks: half of the chosen follow, then all of them."""
    intervention = {"kind": "role_model", "who": {"group": "everyone", "min_years_in_party": 0}, "message": 0.0}
    plan = rollout(interventions=("role_model",), first=2, attention=1, support=5)
    followers = []
    for weeks in (5, 6, 9):
        simulation = grown(intervention, plan, weeks=weeks, villages=[{"name": "v", "copies": 2}])
        followers.append(simulation.state.column("exemplar").mean())
    assert abs(followers[0] - 0.5) < 4 * 0.5 / np.sqrt(400)
    assert followers[1:] == [1.0, 1.0]


# the interventions' own calendar --------------------------------------------------------------------------------------------

INTERVENTIONS: list[list[dict[str, Any]]] = [
    [{"kind": "household_contact", "time_factor": 3.0, "ramp": 6}],
    [{"kind": "household_contact"}, {"kind": "review_cycle", "every": 4}],
    [{"kind": "household_contact", "stop": 9}, {"kind": "mobilisation_meeting"}],
    [{"kind": "role_model", "stop": 12}, {"kind": "volunteer_team", "who": {"group": "local", "count": 9}}],
    [{"kind": "contractor_cleaning", "cost": {"yuan_once": 9.0, "yuan_per_week": 2.0}, "ramp": 3}],
    [{"kind": "points"}, {"kind": "household_contact"}, {"kind": "task_load", "start": 5}],
    [{"kind": "consent_project", "redesign": 0.1, "quorum": 0.02}, {"kind": "dual_grid"}],
]


@pytest.mark.parametrize(
    "interventions",
    INTERVENTIONS,
    ids=lambda interventions: "+".join(intervention["kind"] for intervention in interventions),
)
@pytest.mark.parametrize("week", [0, 7])
def test_a_rolled_out_intervention_does_what_it_does_with_that_start(
    interventions: list[dict[str, Any]], week: int
) -> None:
    """In a village that begins in week w, an intervention's week k is the world's week w + k: bit for bit."""
    later = [
        {
            **intervention,
            "start": intervention.get("start", 0) + week,
            **({"stop": intervention["stop"] + week} if "stop" in intervention else {}),
        }
        for intervention in interventions
    ]
    plan = {"kind": "rollout", "interventions": [intervention["kind"] for intervention in interventions], "start": week}
    rolled, direct = grown(*interventions, plan), grown(*later)
    assert rolled.state.village_i64[c.STARTED, 0] == week
    rolled.state.village_i64[c.STARTED] = c.NEVER
    assert content(rolled, "started") == content(direct, "started")


def test_interventions_that_are_not_named_begin_everywhere() -> None:
    team = {"kind": "volunteer_team", "who": {"group": "local", "count": 3}}
    simulation = grown(SEEN, team, rollout(first=3), weeks=10, villages=TWELVE, **TINY)
    assert (simulation.counts[:, :, t.row("volunteers")] >= 3).all()


def test_at_strength_0_all_begin_at_once() -> None:
    bare = grown(SEEN, weeks=10, villages=TWELVE, **TINY)
    assert content(grown(SEEN, rollout(strength=0.0), weeks=10, villages=TWELVE, **TINY)) == content(bare)


# mistakes ------------------------------------------------------------------------------------------------------------

TEXT = """title: mine
villages:
  - name: a
  - name: b
interventions:
  - kind: household_contact
  - kind: rollout
    interventions: [%s]
    %s
"""


@pytest.mark.parametrize(
    ("interventions", "line", "at", "told"),
    [
        ("houshold_contact", "first: 1", 8, "no intervention 'houshold_contact' to spread, did you mean 'household_contact'?"),
        ("rollout", "first: 1", 8, "no intervention 'rollout' to spread (valid: household_contact)"),
        ("", "first: 1", 7, "interventions is empty"),
        ("household_contact", "pilot_villages: [c]", 9, "no village 'c' (valid: a, b)"),
        ("household_contact", "pilot_villages: [a]\n    where: {villages: [b]}", 9, "'a' is not among"),
        ("household_contact", "wave_weeks: [4]", 7, "wave_weeks has 1 items, wave_sizes 0"),
        ("household_contact", "wave_weeks: [4, 4]\n    wave_sizes: [1, 1]", 7, "wave_weeks must increase"),
        ("household_contact", "wave_weeks: [0]\n    wave_sizes: [1]", 7, "beginning with 1 or more"),
        ("household_contact", "wave_weeks: [1]\n    wave_sizes: [-1]", 7, "wave_sizes can't be below 0"),
        ("household_contact", "stop: 9", 7, "a roll-out has no stop"),
        ("household_contact", "strength: 0.5", 7, "strength (0.5) must be 0 or 1"),
        ("household_contact", "pilot_villages: [a]\n    where: {share: 0.5}", 7, "can't be combined with pilot_villages"),
        ("household_contact", "first: 1\n  - kind: rollout\n    name: second\n    interventions: [household_contact]", 12,
         "a scenario may have one roll-out, and already has 'rollout'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line_with_its_place(
    tmp_path: Path, interventions: str, line: str, at: int, told: str
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT % (interventions, line), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_scenario(path)
    text = str(error.value)
    assert told in text
    assert "\n" not in text
    assert f"mine.yaml:{at}: " in text


def test_a_name_of_copies_stands_for_all_of_them() -> None:
    what = load_scenario("baseline", [
        {"villages": TWELVE}, {"interventions": [SEEN, rollout(pilot_villages=("v",), first=12)]}
    ])  # fmt: skip
    assert what.interventions[1].pilots() == tuple(f"v-{k}" for k in range(1, 13))
