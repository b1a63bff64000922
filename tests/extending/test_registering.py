"""An intervention's class is checked when it is registered, and when a scenario is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from sim import load_scenario
from sim.base.errors import InputError
from sim.base.fields import word
from sim.interventions import (
    KINDS,
    Effect,
    Gift,
    Intervention,
    Who,
    load_interventions,
    register,
)  # fmt: skip


class Described(Intervention):
    """Do something."""

    kind: Literal["something"]


def intervention(name: str = "Bad", doc: str | None = "Do something.", **members: Any) -> type[Intervention]:
    """Return a class of an intervention; `members` are annotations with values, and methods."""
    body: dict[str, Any] = {"__doc__": doc, "__module__": __name__, "__annotations__": {"kind": Literal["bad"]}}
    for key, member in members.items():
        if isinstance(member, tuple):
            body["__annotations__"][key], body[key] = member
        elif key == "kind":
            body["__annotations__"][key] = member
        else:
            body[key] = member
    return type(Intervention)(name, (Intervention,), body)


def moving(*effects: Any) -> type[Intervention]:
    return intervention(effects=lambda self: effects)


def failing(self: object) -> tuple[Effect, ...]:
    raise ZeroDivisionError("as planned")


BARE = (float, 1.0)
NO_GROUND = (str, word("a word", default="x"))
WRONG: dict[str, tuple[Any, str]] = {
    "no class": (3, "isn't an intervention"),
    "another class": (dict, "isn't an intervention"),
    "the base": (Intervention, "isn't an intervention"),
    "no kind": (
        type(Intervention)("Bad", (Intervention,), {"__doc__": "x", "__module__": __name__}),
        "declare kind: Literal",
    ),
    "two kinds": (intervention(kind=Literal["a", "b"]), "declare kind: Literal"),
    "a kind of two words": (intervention(kind=Literal["two words"]), "declare kind: Literal"),
    "a kind that is taken": (intervention(kind=Literal["donation"]), "the kind 'donation' is taken by Donation"),
    "no docstring": (intervention(doc=None), "needs a docstring"),
    "a bare key": (intervention(loudness=BARE), "declare the key 'loudness'"),
    "a default without grounds": (intervention(word=NO_GROUND), "the default of 'word' needs evidence"),
    "an unknown value": (
        moving(Effect("mesage", 1.0)),
        "effect on 'mesage': there is no such named value, did you mean",
    ),
    "a village's value for some": (moving(Effect("praise", 1.0, Who())), "belongs to the whole village"),
    "an undefined amount": (moving(Effect("praise", float("nan"))), "must be a finite number"),
    "an amount without measure": (
        moving(Effect("contact_time", 1e308)),
        "must be from -1,000,000 to 1,000,000, not 1e+308",
    ),
    "an amount just too large": (moving(Effect("contact_time", -1_000_001)), "must be from -1,000,000 to 1,000,000"),
    "a period of text": (moving(Effect("praise", 1.0, every="2")), "every must be"),  # type: ignore[arg-type]
    "no effect": (moving("praise"), "isn't an Effect"),
    "effects that fail": (intervention(effects=failing), "its effects fail: ZeroDivisionError: as planned"),
    "an unknown use": (
        intervention(gifts=lambda self: (Gift("work", 1.0),)),
        "a gift can't be for 'work', did you mean 'works'?",
    ),
    "a debt": (intervention(gifts=lambda self: (Gift("works", -1.0),)), "a gift must be a number of yuan from 0 to"),
    "a gift that fen can't count": (intervention(gifts=lambda self: (Gift("works", 1e300),)), "not 1e+300"),
    "a period that never ends": (moving(Effect("praise", 1.0, every=10**30)), "whole number of weeks up to 5,200"),
    "a group by its name": (moving(Effect("example", 1.0, "everyone")), "who must be a Who"),  # type: ignore[arg-type]
    "an undefined intensity": (
        intervention(intensity=lambda self, weeks: weeks * float("nan")),
        "a number from 0 to 1 for each week",
    ),
    "an intensity beyond 1": (intervention(intensity=lambda self, weeks: weeks + 1.0), "a number from 0 to 1"),
    "no intensity": (intervention(intensity=lambda self, weeks: None), "a number from 0 to 1"),
    "an intensity that fails": (intervention(intensity=failing), "its intensity fails: TypeError"),
}


@pytest.mark.parametrize("raised", ["BaseException('as planned')", "GeneratorExit", "SystemExit(0)", "MemoryError"])
def test_a_file_that_raises_anything_is_told_in_a_line(raised: str, folder: Path) -> None:
    (folder / "own.py").write_text(f"raise {raised}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.py:1: "):
        load_interventions("own.py")


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_intervention_is_told_in_a_line_and_not_kept(case: str) -> None:
    given, told = WRONG[case]
    before = dict(KINDS)
    with pytest.raises(InputError) as error:
        register(given)
    assert told in str(error.value)
    assert before == KINDS


def test_an_intervention_is_registered_once_and_replaced_by_its_namesake() -> None:
    assert register(Described) is Described is register(Described) is KINDS["something"]
    again = type(Intervention)(
        "Described", (Intervention,),
        {"__doc__": "Again.", "__module__": __name__, "__annotations__": {"kind": Literal["something"]}},
    )  # fmt: skip
    assert register(again) is KINDS["something"] is not Described
    with pytest.raises(InputError, match="is taken by Described"):
        register(intervention(kind=Literal["something"]))


def test_effects_that_depend_on_keys_are_checked_when_a_scenario_is_read(folder: Path) -> None:
    def effects(self: Any) -> tuple[Effect, ...]:
        return (Effect(self.value, 1.0),)

    register(intervention(value=(str, word("which value")), effects=effects))
    Path("me.yaml").write_text("title: x\ninterventions:\n- {kind: bad, value: prais}\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"me\.yaml:3: intervention 'bad': effect on 'prais': .* did you mean 'praise'"
    ):
        load_scenario("me.yaml")


def test_a_key_of_a_type_that_no_scenario_holds_is_told(folder: Path) -> None:
    class Odd(Intervention):
        """Do something odd."""

        kind: Literal["odd"]
        pairs: dict[str, int] = word("pairs", default={}, evidence="assumption: none")

    register(Odd)
    Path("me.yaml").write_text("title: x\ninterventions: [{kind: odd}]\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"intervention 'odd': a scenario can't hold .*key 'pairs'"):
        load_scenario("me.yaml")
