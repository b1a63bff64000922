"""Interventions may be called by their Chinese names, and are the same as by their English ones."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

import pytest

from sim.base.errors import InputError
from sim.interventions import KINDS, Intervention, kind_of, register
from sim.scenario import canonical, load_scenario, parse_set


def loaded(folder: Path, text: str, *sets: str) -> str:
    (folder / "mine.yaml").write_text(f"title: a\n{text}\n", encoding="utf-8")
    return canonical(load_scenario(folder / "mine.yaml", [parse_set(each) for each in sets]))


def test_no_two_interventions_share_a_name() -> None:
    names = [name for one in KINDS.values() for name in one.chinese]
    assert len(set(names)) == len(names)
    assert not set(names) & set(KINDS)
    assert all(kind_of(name) == kind for kind, one in KINDS.items() for name in one.chinese)
    assert kind_of("donation") == "donation"
    assert kind_of("捐赠") == "捐赠"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "rollout"])
def test_a_kind_in_chinese_is_the_same_intervention(kind: str, tmp_path: Path) -> None:
    english = loaded(tmp_path, f"interventions: [{{kind: {kind}, stop: 9}}]")
    for name in KINDS[kind].chinese:
        assert loaded(tmp_path, f"interventions: [{{kind: {name}, stop: 9}}]") == english


def test_an_inherited_intervention_is_changed_and_dropped_by_its_chinese_name(tmp_path: Path) -> None:
    halved = loaded(tmp_path, "extends: donation\ninterventions: [{name: donation, strength: 0.5}]")
    assert loaded(tmp_path, "extends: donation\ninterventions: [{name: 乡贤捐赠, strength: 50%}]") == halved
    assert loaded(tmp_path, "extends: donation", "interventions.乡贤捐赠.strength=50%") == halved
    assert loaded(tmp_path, "extends: donation\ninterventions: [{name: 乡贤捐赠, drop: true}]") == loaded(tmp_path, "")


def test_a_roll_out_may_name_what_it_spreads_in_chinese(tmp_path: Path) -> None:
    english = "interventions: [{kind: household_contact}, {kind: rollout, interventions: [household_contact]}]"
    chinese = "interventions: [{kind: 户联系}, {kind: 试点推广, interventions: [户联系]}]"
    assert loaded(tmp_path, chinese) == loaded(tmp_path, english)


def test_a_name_of_ones_own_stays(tmp_path: Path) -> None:
    named = "interventions: [{kind: 乡贤捐赠}, {kind: donation, name: 乡贤捐赠, yuan: 1}]"
    scenario = loaded(tmp_path, named)
    assert '"name":"乡贤捐赠"' in scenario or '"name":"\\u4e61\\u8d24\\u6350\\u8d60"' in scenario
    assert '"name":"donation"' in scenario


@pytest.mark.parametrize("taken", ["乡贤捐赠", "donation", ""])
def test_a_name_that_is_taken_is_refused(taken: str) -> None:
    class Gift(Intervention):
        """Give."""

        chinese: ClassVar[tuple[str, ...]] = (taken,)
        kind: Literal["second_gift"]

    with pytest.raises(InputError, match="Gift"):
        register(Gift)
    assert "second_gift" not in KINDS
