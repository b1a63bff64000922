"""The exact laws of the model's specification, each with the tests that hold the code to it: none may go untested."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LAWS: dict[str, tuple[str, ...]] = {
    "Granovetter's thresholds 0, 1/N, 2/N, ... bring everybody in": (
        "laws/test_well_mixed.py::test_thresholds_0_1_2_and_so_on_bring_everybody_in",
    ),
    "changing the threshold 1/N to 2/N stops the cascade at one adopter": (
        "laws/test_well_mixed.py::test_one_threshold_moved_from_1_to_2_stops_it_at_one",
    ),
    "SI and Bass in the well-mixed small-step limit": (
        "laws/test_well_mixed.py::test_adoption_by_talk_follows_the_exact_chain_of_si_and_bass",
        "laws/test_well_mixed.py::test_in_small_steps_and_a_large_village_adoption_is_logistic_or_bass",
    ),
    "mean field x = logistic(a + b x)": (
        "laws/test_well_mixed.py::test_clean_yards_follow_the_exact_chain",
        "laws/test_well_mixed.py::test_there_are_two_stable_states_only_where_b_exceeds_4",
    ),
    "two stable states only if b > 4": (
        "laws/test_well_mixed.py::test_there_are_two_stable_states_only_where_b_exceeds_4",
    ),
    "the ladder's stationary ratio pi_(s+1) / pi_s = up_s / down_(s+1) at constant score": (
        "laws/test_ladder.py::test_the_stationary_ladder_is_the_ratio_of_ups_to_downs",
        "laws/test_ladder.py::test_the_way_to_the_stationary_ladder_is_the_chain_s_too",
    ),
    "E[M] = g * rate / (1 - lambda), uncapped": (
        "laws/test_contact.py::test_mean_persuasion_is_gain_times_rate_over_forgetting",
    ),
    "visiting by list covers all in ceil(H / (members * rate)) weeks": (
        "laws/test_contact.py::test_list_visiting_covers_everybody_in_the_weeks_that_division_gives",
    ),
    "visiting at random reaches 1 - e**-rate": (
        "laws/test_contact.py::test_visits_at_random_would_miss_e_to_the_minus_rate",
    ),
    "conservation of fen": (
        "laws/test_all_values.py::test_running_counts_are_recounts_and_nothing_gets_lost",
        "interventions/test_every_intervention.py::test_money_and_hours_are_conserved",
    ),
    "conservation of hours": (
        "laws/test_contact.py::test_seconds_of_visits_are_kept_track_of_exactly",
        "mechanisms/test_calls.py::test_seconds_given_are_seconds_kept_or_spent",
        "laws/test_hours.py::test_hours_in_yards_are_the_clutter_that_went",
    ),
    "phi = 0 makes own yards irrelevant to direct persuasion": (
        "laws/test_contact.py::test_only_the_weight_of_own_yards_makes_members_yards_matter_to_persuasion",
    ),
    "an intervention of strength 0 leaves every trajectory bit-identical": (
        "interventions/test_every_intervention.py::test_strength_0_is_absence_bit_for_bit",
    ),
    "the same inputs give the same bytes": (
        "laws/test_reproducible.py::test_a_run_again_is_the_same_to_the_byte_and_another_seed_or_replicate_is_not",
        "laws/test_reproducible.py::test_threads_change_no_byte",
        "laws/test_reproducible.py::test_processes_change_no_byte_however_many_and_however_begun",
        "laws/test_reproducible.py::test_python_s_hash_seed_changes_no_byte",
        "laws/test_reproducible.py::test_another_processor_changes_no_byte",
        "laws/test_all_values.py::test_the_order_of_villages_changes_no_byte",
        "baseline/test_golden.py::test_run_is_the_golden_one",
    ),
}
DRAWN = re.compile(r"chi-?square|standard (errors|deviations)|within 1 %", re.IGNORECASE)
POWER = re.compile(r"[Pp]ower|for sure|some hundred standard errors")


@pytest.mark.parametrize("law", LAWS)
def test_a_law_has_its_tests_and_those_that_draw_say_what_they_would_find(law: str) -> None:
    """A test whose tolerance is statistical states its power; the others are exact."""
    assert LAWS[law]
    for place in LAWS[law]:
        file, _, name = place.partition("::")
        module = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        (function,) = (node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == name)
        told = (ast.get_docstring(function) or "") + (ast.get_docstring(module) or "")
        assert told, place
        if DRAWN.search(ast.get_docstring(function) or ""):
            assert POWER.search(told), f"{place} states no power"
