"""Calls: seconds and doors to the last one, each kind a messenger of its own, and callers who change no other's luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from any_intervention import told, under

from sim.engine.mechanisms.calls import CALLER_SECONDS, CALLS, VOLUNTEER_SECONDS, VOLUNTEERS
from sim.engine.mechanisms.housework import HELP_SECONDS
from sim.engine.mechanisms.volunteering import JOINED_TEAM
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.interventions import Effect, Outsiders, Who

# Nothing but calls: members' visits say nothing, nobody disputes or joins, stocks are not forgotten.
PLAIN = {"household__persuasion_retention": 1.0, "household__persuasion_cap": 50.0, "household__authority": 0.0,
         "household__own_yard": 0.0, "household__trust_spread": 0.0, "household__repeat": 0.5,
         "household__persuasion": 1.0, "public__fatigue": 0.0, "village__representatives": 12,
         "village__willing_share": 0.0}  # fmt: skip
TIME = {"volunteer": "volunteer_time", "worthy": "worthy_time", "representative": "representative_time",
        "cadre": "cadre_time"}  # fmt: skip


def callers(kind: str, hours: float, who: Who | Outsiders, message: float = 1.0, **more: Any) -> Any:
    said = [Effect(TIME[kind], hours, who)]
    if kind == "volunteer":
        said.append(Effect("volunteer_message", message, who))
    return told(*said, name=more.pop("name", kind), **more)


CREWS: list[tuple[str, Who | Outsiders]] = [
    ("volunteer", Who(group="local", count=7)), ("volunteer", Outsiders(3)), ("worthy", Who(group="worthy")),
    ("representative", Who(group="representative", share=0.6)), ("cadre", Outsiders(4)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "who"), CREWS)
@pytest.mark.parametrize("hours", [0.3, 2.0, 7.77])
def test_seconds_given_are_seconds_kept_or_spent(kind: str, who: Who | Outsiders, hours: float) -> None:
    """Whole seconds: what every caller gets is at doors, for public plots, or in hand for the next week; by a twin that
    walks each round in plain Python. Passing the own door takes the time of a call and is none."""
    simulation = under(callers(kind, hours, who), **PLAIN, public__cleanup_share=0.3, weeks=20)
    s, plain = simulation.state, simulation.scenario.public
    volunteers = kind == "volunteer"
    cost = int(3600 * plain.hands_per_call) if volunteers else int(s.village_i64[c.VISIT_SECONDS, 0])
    each = int(3600 * hours)
    kept = int(0.3 * each) if volunteers else 0
    team = s.team_i32.copy()
    assert team.shape[1] > 0
    assert (team[c.TEAM_KIND] == c.CALLERS.index(kind)).all()
    told_at = np.zeros(200, int)
    simulation.advance(20)
    for a in range(team.shape[1]):
        door, own, in_hand = int(team[c.TEAM_NEXT, a]), int(team[c.TEAM_HOUSEHOLD, a]), 0
        for _ in range(20):
            in_hand += each - kept
            while in_hand >= cost:
                in_hand -= cost
                door = (door + 1) % 200
                told_at[door] += door != own
        assert in_hand == s.team_i32[c.TEAM_SECONDS, a] < cost
        assert door == s.team_i32[c.TEAM_NEXT, a]
    assert simulation.counts[:, 0, CALLS].sum() == told_at.sum() > 0
    seconds = VOLUNTEER_SECONDS if volunteers else CALLER_SECONDS
    assert (simulation.counts[:, 0, seconds] == each * team.shape[1]).all()
    assert not simulation.counts[:, 0, CALLER_SECONDS if volunteers else VOLUNTEER_SECONDS].any()
    assert np.array_equal(s.column(f"last_by_{kind}") >= 0, told_at > 0)
    assert np.array_equal(s.column("persuasion") > 0, told_at > 0)


@pytest.mark.parametrize("tasks", [0.25, 1.0, 3.0, -0.5])
def test_other_tasks_take_their_share_and_relief_gives_it(tasks: float) -> None:
    crews = [callers(kind, 2.0, who) for kind, who in CREWS[::2]]
    simulation = under(*crews, told(Effect("other_tasks", tasks), name="load"), **PLAIN)
    simulation.advance(1)
    each = int(7200 * max(0.0, 1 - tasks))
    kinds = simulation.state.team_i32[c.TEAM_KIND]
    assert simulation.counts[0, 0, VOLUNTEER_SECONDS] == each * (kinds == c.BY_VOLUNTEER).sum()
    assert simulation.counts[0, 0, CALLER_SECONDS] == each * (kinds != c.BY_VOLUNTEER).sum()


def test_every_kind_is_a_messenger_of_its_own() -> None:
    """A worthy, a representative and a cadre at the same doors in one week: each speaks with its own full weight, and in
    the next week each is a repeat. Exact: weight * (1/2 + T) * (1, then 1 + 1/2)."""
    one = 45 / 60 * 200  # hours for every door once
    weights = {"worthy": 0.7, "representative": 0.4, "cadre": 1.3, "volunteer": 0.2}
    fixed = {f"household__{kind}_weight": weight for kind, weight in weights.items()}
    crews = [callers(kind, one if kind != "volunteer" else 200.0, Outsiders(1)) for kind in weights]
    settings = {**PLAIN, **fixed, "household__trust_step": 0.0, "household__trust_start": 0.3}
    simulation = under(*crews, **settings, public__cleanup_share=0.0, public__hands_per_call=1.0)
    for week, factor in enumerate((1.0, 1.5, 2.0)):
        simulation.advance(1)
        expected = 0.8 * sum(weights.values()) * factor
        assert np.allclose(simulation.state.column("persuasion"), expected, rtol=1e-12)
        for kind in weights:
            assert (simulation.state.column(f"last_by_{kind}") == week).all()
    assert (simulation.state.column("last_by_member") == c.NEVER).all()


def test_only_a_cadre_s_call_builds_trust() -> None:
    for kind in TIME:
        simulation = under(callers(kind, 200.0, Outsiders(1)), **PLAIN, household__trust_step=0.1,
                           household__trust_start=0.5, household__attachment_newcomer=0.5,
                           household__attachment_local=1.0, public__cleanup_share=0.0)  # fmt: skip
        simulation.advance(1)
        called = simulation.state.column(f"last_by_{kind}") == 0
        calls = simulation.counts[0, 0, CALLS] // 200
        step = 0.1 * simulation.state.column("attachment")
        expected = 1 - 0.5 * (1 - step) ** calls if kind == "cadre" else np.full(200, 0.5)
        assert called.all()
        rest = simulation.counts[0, 0, CALLS] - 200 * calls
        assert (np.abs(simulation.state.column("trust") - expected) > 1e-12).sum() == (rest if kind == "cadre" else 0)


@pytest.mark.parametrize("message", [0.0, 0.4, 1.0])
def test_one_caller_more_changes_no_other_s_words(message: float) -> None:
    """Volunteers from outside speak at a door by draws of their own: with one local more in the team, the doors that
    only they call at hear the same, and no caller's round moves."""
    outside = callers("volunteer", 5.0, Outsiders(3), message, name="outside")
    found = []
    for count in (4, 5):
        local = callers("volunteer", 5.0, Who(group="local", count=count), 0.0, name="local")
        simulation = under(outside, local, **PLAIN, public__cleanup_share=0.0)
        simulation.advance(8)
        found.append(simulation)
    few, more = found
    assert np.array_equal(few.state.column("persuasion"), more.state.column("persuasion"))
    assert more.counts[:, 0, CALLS].sum() > few.counts[:, 0, CALLS].sum()
    spoken = (few.state.column("persuasion") > 0).sum()
    assert (spoken == 0) if message == 0 else (0 < spoken <= 3 * 8 * 5)
    outsiders = [x.state.team_i32[:, x.state.team_i32[c.TEAM_HOUSEHOLD] < 0][:3] for x in found]
    assert np.array_equal(*outsiders)


def test_hands_come_from_volunteers_only() -> None:
    """In a village that works at cluttered yards, only volunteers' calls leave hours of help."""
    for kind, who in CREWS:
        simulation = under(callers(kind, 4.0, who), **PLAIN)
        simulation.state.column("rung")[:] = 1
        simulation.state.column("clutter")[:] = 20.0
        simulation.advance(4)
        assert (simulation.counts[:, 0, HELP_SECONDS].sum() > 0) == (kind == "volunteer")


def test_the_willing_call_as_worthies_whether_or_not_they_join_the_volunteers() -> None:
    """Everybody is willing, nobody recruits volunteers: all worthies and representatives call, and nobody joins as one."""
    crews = [callers(kind, 3.0, Who(group=kind)) for kind in ("worthy", "representative")]  # type: ignore[arg-type]
    simulation = under(*crews, **{**PLAIN, "village__willing_share": 1.0, "public__fatigue": 0.1})
    simulation.state.column("rung")[:] = 3
    simulation.advance(1)
    roles = simulation.state.column("roles")
    calling = ((roles & c.WORTHY) > 0).sum() + ((roles & c.REPRESENTATIVE) > 0).sum()
    assert simulation.counts[0, 0, CALLER_SECONDS] == 3 * 3600 * calling
    assert not simulation.counts[0, 0, [JOINED_TEAM, VOLUNTEERS]].any()
    joining = under(*crews, **{**PLAIN, "village__willing_share": 1.0, "public__join_rate": 1.0})
    joining.state.column("rung")[:] = 3
    joining.advance(1)
    assert joining.counts[0, 0, JOINED_TEAM] == 200  # each household once
    assert joining.counts[0, 0, CALLER_SECONDS] == 3 * 3600 * calling


def test_a_callers_yard_and_years_count_and_a_cadre_has_none() -> None:
    """A cluttered yard costs a worthy the share `own_yard`; a cadre from outside nothing. Everyone called at once."""
    gains = {}
    for kind, who in (("worthy", Who(group="worthy", count=1)), ("cadre", Outsiders(1))):
        settings = {**PLAIN, "household__own_yard": 0.4, "household__trust_start": 0.5, "household__trust_step": 0.0,
                    "household__worthy_weight": 1.0, "household__cadre_weight": 1.0,
                    "household__tidy_members": 0.0, "household__clutter_start": 20.0}  # fmt: skip
        simulation = under(callers(kind, 10.0, who), **settings)
        simulation.advance(1)
        gains[kind] = simulation.state.column("persuasion").max()
    assert gains == {"worthy": pytest.approx(0.6), "cadre": pytest.approx(1.0)}


def rounds(simulation: Simulation) -> Any:
    return simulation.state.team_i32[c.TEAM_NEXT]


def test_a_world_without_callers_has_none() -> None:
    simulation = under(**PLAIN)
    simulation.advance(5)
    assert rounds(simulation).size == 0
    assert not simulation.counts[:, 0, [CALLS, VOLUNTEERS, CALLER_SECONDS, VOLUNTEER_SECONDS]].any()
