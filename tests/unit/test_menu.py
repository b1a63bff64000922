"""Menus: what they build, what they refuse, and evaluations of mixes that are remembered and met by the same luck."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.analysis.menu import Menu, load_menu
from sim.analysis.policy import optimise
from sim.analysis.policy_runs import OUTCOMES, PolicyRuns, planned_runs
from sim.base.errors import InputError
from sim.engine.outcomes import YEAR
from sim.engine.simulation import Simulation
from sim.report.policy import SEARCHED, policy_report, policy_text, price_table, save_policy
from sim.runs import Collection
from sim.runs.single import result_of
from sim.scenario import load_scenario, scenario_names, scenarios_folder, with_values
from sim.uncertainty.draw_table import DrawTable

SMALL = {"village.households": 100, "village.party_members": 10, "village.volunteers": 4}
MENU = """
title: A try
scenario: baseline
weeks: 10
interventions:
  - kind: household_contact
    time_factor: 3
    start: {low: 0, high: 4}
    weeks: {low: 2, high: 10, plain: 8}
    unwilling_first: {choices: [0, 1]}
  - kind: role_model
    name: veterans
    who: {choices: [{group: member}, {group: member, min_years_in_party: 30}]}
  - kind: donation
    yuan: {low: 10000, high: 200000, plain: 100000}
"""


def written(folder: Path, text: str = MENU) -> Path:
    path = folder / "try.yaml"
    path.write_text(text)
    return path


def menu(folder: Path) -> Menu:
    return load_menu(written(folder), [SMALL])


def test_a_menu_builds_what_its_settings_say(tmp_path: Path) -> None:
    found = menu(tmp_path)
    values = found.plain | {"household_contact.start": 3.0, "household_contact.unwilling_first": 1.0,
                            "veterans.who": 1.0, "donation.yuan": 12345}  # fmt: skip
    built = found.scenario_at({"household_contact": 0.5, "donation": 1.0}, values)
    contact, veterans, donation = built.interventions
    assert (contact.strength, contact.start, contact.stop) == (0.5, 3, 10)  # 3 + 8 would go beyond the programme
    assert contact.model_dump()["unwilling_first"] == 1
    assert (veterans.name, veterans.strength) == ("veterans", 0.0)
    assert veterans.model_dump()["who"]["min_years_in_party"] == 30
    assert donation.model_dump()["yuan"] == 12345
    assert built.weeks == found.horizon == 10 + YEAR and built.villages[0].households == 100
    assert found.text_of(found.settings[3], 1.0) == "group=member min_years_in_party=30"


def test_the_scenario_that_is_written_is_the_one_that_was_judged(tmp_path: Path) -> None:
    found = load_menu(written(tmp_path))
    runs = PolicyRuns(found, None, 3, 8, (2, 1), 1)
    runs.menu = load_menu(written(tmp_path), [SMALL])
    budget = {"yuan": 60_000.0, "hours": 60.0}
    policy = optimise(runs, runs.interventions(budget, 2), budget, outcomes=OUTCOMES, search=runs.search, fresh=runs.fresh,
                      settings=found.settings, trials=4, finalists=2, seed=1)  # fmt: skip
    folder = tmp_path / "out"
    table = save_policy(policy, runs, policy_report(runs, tmp_path, "try", budget, 4, 2, folder), "The best",
                        price_table(runs.interventions(budget, 2), found, budget))  # fmt: skip
    kept = load_scenario(folder / "policy.yaml", [SMALL])
    point = dict(zip(policy.space.names, map(float, policy.points[policy.chosen]), strict=True))
    wanted = runs.menu.scenario_at(point, point)
    there = tuple(intervention for intervention in wanted.interventions if intervention.strength > 0)
    assert (kept.interventions, kept.weeks, kept.villages) == (there, wanted.weeks, wanted.villages)
    assert set(table["mix"][~table["mix"].str.match(SEARCHED)]) == {
        "nothing", "all on household_contact", "all on veterans", "all on donation", "equal split"
    }  # fmt: skip
    nothing = table.set_index("mix").loc["nothing"]
    assert (nothing["yuan"], nothing["hours"], nothing["verdict"]) == (0, 0, "too few pairs to tell")
    assert table["chosen"].sum() == 1 and table.loc[table["chosen"], "within"].all()
    for name in ("front.png", "regret.png", "allocation.svg", "policies.csv", "policies.parquet", "manifest.json"):
        assert (folder / name).stat().st_size > 0
    text = policy_text(table, budget)
    assert "(chosen)" in text and "within 60,000 yuan and 60 hours" in text
    assert "the best in" in text


def test_kept_is_adopted_a_year_after_and_costs_are_beyond_the_routine(tmp_path: Path) -> None:
    """The evaluation's numbers for a mix are those of a run of its scenario less those of a run without programme."""
    found = menu(tmp_path)
    keys, values = ("household.persuasion",), np.array([[0.5], [1.0], [1.2], [0.7]])
    runs = PolicyRuns(found, DrawTable("try", keys, np.arange(4), values), 1, 4, (2, 1), 1)
    amounts = {"household_contact": 1.0, "veterans": 1.0, "donation": 0.5}
    point = np.array([[*amounts.values(), *found.plain.values()]])
    got = runs(point, np.array([2]))[0, 0]

    def totals(scenario_amounts: dict[str, float]) -> dict[str, float]:
        draw = {keys[0]: float(values[runs.draw_of(2), 0])}
        scenario = with_values(found.scenario_at(scenario_amounts, found.plain), draw)
        simulation = Simulation(scenario, 1, 2, found.horizon)
        simulation.advance(found.horizon)
        return result_of(simulation).totals

    with_it, without = totals(amounts), totals({})
    assert with_it["adopted"] == with_it["adopted_year_after"]
    expected = [with_it["adopted"], with_it["yuan"] - without["yuan"],
                with_it["unpaid_hours"] - without["unpaid_hours"], with_it["coercion"]]  # fmt: skip
    np.testing.assert_allclose(got, expected)
    assert got[1] > 0 and got[2] > 0
    bought = sum(with_it[f"{kind}hours"] - without[f"{kind}hours"] for kind in ("", "unpaid_"))
    assert bought >= 2 * got[2]  # paid hands are bought with money, and no member's hours


def test_search_and_judgement_share_neither_draw_nor_seed(tmp_path: Path) -> None:
    table = DrawTable("try", (), np.arange(10), np.zeros((10, 0)))
    for lucks, draws in ((16, 24), (3, 4)):
        runs = PolicyRuns(menu(tmp_path), table, 1, lucks, (draws, 2))
        searched = {runs.draw_of(int(luck)) for luck in runs.search}
        judged = [[runs.draw_of(int(luck)) for luck in row] for row in runs.fresh]
        assert not searched & {draw for row in judged for draw in row}
        assert all(len(set(row)) == 1 for row in judged)  # a draw's replicates
        assert not np.intersect1d(runs.search, runs.fresh).size and np.unique(runs.fresh).size == 2 * draws
    assert planned_runs(runs, 10, 2) > 0


def test_prices_follow_weeks_and_choices(tmp_path: Path) -> None:
    """Contact takes hours in proportion to its weeks; a donation's price is its gift; veterans are fewer than members."""
    runs = PolicyRuns(menu(tmp_path), None, 1, 8, (2, 1), 1)
    contact, veterans, donation = runs.interventions({"yuan": 1000.0, "hours": 0.1}, 2)
    plain = runs.menu.plain
    short, long = (contact.priced(plain | {"household_contact.weeks": weeks})["hours"] for weeks in (2.0, 10.0))
    assert 3.0 < long / short < 6.0
    middle = contact.priced(plain | {"household_contact.weeks": 6.0})["hours"]
    assert middle == pytest.approx((short + long) / 2)
    assert 0.2 * 100_000 < donation.priced(plain)["yuan"] <= 100_000
    everyone, few = (veterans.priced(plain | {"veterans.who": who}).get("hours", 0.0) for who in (0.0, 1.0))
    assert everyone >= few


def test_what_was_evaluated_is_found_again(tmp_path: Path) -> None:
    """Runs without a programme are those of every mix's comparison, and counted like all others."""
    found = menu(tmp_path)
    points = np.array([[1.0, 0.0, 0.2, *found.plain.values()], [0.0, 1.0, 0.0, *found.plain.values()]])
    with Collection(tmp_path, "kept") as kept:
        first = PolicyRuns(found, None, 1, jobs=1, kept=kept)
        values = first(points[:1], np.arange(3))
        assert (first.done, first.found) == (6, 0)
        first(points[:1], np.arange(3))
        assert (first.done, first.found) == (12, 6), "found within the process, before there is a file of them"
    with Collection(tmp_path, "kept") as kept:
        again = PolicyRuns(found, None, 1, jobs=1, kept=kept)
        both = again(points, np.arange(3))
        assert (again.done, again.found) == (9, 6)
    np.testing.assert_array_equal(both[:1], values)
    folders = [
        policy_report(runs, tmp_path, "try", {"yuan": budget}, trials, 2).folder
        for runs, budget, trials in (
            (first, 1.0, 10),
            (first, 1.0, 11),
            (first, 2.0, 10),
            (PolicyRuns(found, None, 2), 1.0, 10),
        )
    ]
    assert len(set(folders)) == 4 and folders[0] == policy_report(again, tmp_path, "try", {"yuan": 1.0}, 10, 2).folder


def test_lucks_in_any_order_stand_where_they_were_asked_for(tmp_path: Path) -> None:
    table = DrawTable("try", ("household.persuasion",), np.array([7, 3, 5, 1]), np.array([[0.5], [1.0], [1.2], [0.7]]))
    runs = PolicyRuns(menu(tmp_path), table, 1, 4, (2, 1), 1)
    point = np.array([[1.0, 0.0, 0.2, *runs.menu.plain.values()]])
    together = runs(point, np.array([3, 0, 2, 1]))[0]
    np.testing.assert_array_equal(together, [runs(point, np.array([luck]))[0, 0] for luck in (3, 0, 2, 1)])
    assert np.unique(together, axis=0).shape[0] > 1


def test_the_shipped_menus_load_and_are_no_scenarios() -> None:
    names = sorted(path.stem for path in (scenarios_folder() / "policies").glob("*.yaml"))
    assert "village" in names
    for name in names:
        found = load_menu(name)
        assert found.title and len(found.interventions) > 2 and found.settings
    assert not any("policies" in name for name in scenario_names())


def test_a_scenario_is_a_menu_of_its_own_interventions() -> None:
    found = load_menu("campaign", [SMALL])
    assert list(found.interventions) == ["household_contact", "volunteer_team", "role_model"] and found.weeks == 26
    whole = dict.fromkeys(found.interventions, 1.0)
    assert found.scenario_at(whole, {}).interventions == load_scenario("campaign", [SMALL]).interventions
    assert list(found.only(["role_model"]).interventions) == ["role_model"]
    with pytest.raises(InputError, match="did you mean 'role_model'"):
        found.only(["rolemodel"])
    with pytest.raises(InputError, match="no active intervention"):
        load_menu("baseline")
    with pytest.raises(InputError, match="did you mean 'village'"):
        load_menu("vilage")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: A try\n", "", "'title' is missing"),
        ("title:", "titel:", r"try.yaml:2: unknown key 'titel'.*did you mean 'title'"),
        ("weeks: 10\ninterventions", "weeks: 0\ninterventions", "'weeks' must be a whole number"),
        ("scenario: baseline", "scenario: baselin", "did you mean 'baseline'"),
        ("kind: donation", "kind: donations", "try.yaml:14: unknown kind 'donations', did you mean 'donation'"),
        ("    time_factor: 3", "    time_facto: 3", "try.yaml:7: unknown key 'time_facto'"),
        ("high: 200000, plain", "high: 20000000000000, plain", r"try.yaml:14: donation.yuan = 2e\+13"),
        ("{low: 0, high: 4}", "{low: 4, high: 4}", "low must be less than high"),
        ("{low: 0, high: 4}", "{low: 0, high: yes}", "must be numbers"),
        ("choices: [0, 1]", "choices: [0]", "at least two"),
        ("choices: [0, 1]", "choices: [0, 7]", "unwilling_first"),
        ("    time_factor: 3", "    strength: 0.5", "a menu can't contain 'strength'"),
        ("name: veterans", "name: donation", "two interventions are called 'donation'"),
        ("kind: donation", "kind: rollout", "can't contain a roll-out"),
        ("start: {low: 0, high: 4}", "start: soon", "whole number of weeks"),
    ],
)
def test_a_wrong_menu_is_told_in_a_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert MENU.count(old) == 1
    with pytest.raises(InputError, match=told) as error:
        load_menu(written(tmp_path, MENU.replace(old, new)))
    assert "\n" not in str(error.value) and not re.search("Error", str(error.value))


def test_the_written_scenario_is_yaml_that_people_can_edit(tmp_path: Path) -> None:
    found = menu(tmp_path)
    blocks = found.blocks(found.plain | {"household_contact.unwilling_first": 1.0})
    assert blocks[0]["unwilling_first"] == 1 and "weeks" not in blocks[0]
    assert yaml.safe_load(yaml.safe_dump(blocks)) == blocks
