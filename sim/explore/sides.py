"""What the page asks for: two scenarios, each with its own programme, and the values of the world that they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from sim.base.errors import InputError
from sim.base.fields import Frozen
from sim.base.whole import SEEDS, WEEKS, whole
from sim.explore.choices import Choices
from sim.explore.documents import changed, text_of
from sim.interventions import KINDS
from sim.page.words import Text, distinct, name_in, title_of, word
from sim.scenario import Scenario, explained, load_text
from sim.scenario.shape import intervention_block, leaves

Value = bool | int | float | str | None | tuple[str, ...]
LABELS = ("A", "B")
"""How the page calls the two sides; the first is the reference."""


class Side(Frozen):
    """A scenario as it was chosen, and changes of its programme.

    add : kinds of interventions by name. drop : names of interventions. values : by dotted key.
    """

    group: str
    name: str
    add: dict[str, str] = Field(default_factory=dict)
    drop: tuple[str, ...] = ()
    values: dict[str, Value] = Field(default_factory=dict)


class State(Frozen):
    """Both sides, the values that they share by dotted key, and the runs' weeks (the scenarios' own if None) and seed."""

    sides: tuple[Side, Side]
    world: dict[str, Value] = Field(default_factory=dict)
    weeks: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Loaded:
    """A side that was read. base : the scenario that was chosen. text : the file that describes the side."""

    base: Scenario
    scenario: Scenario
    title: Text
    text: str


def state_of(text: str) -> State:
    """Return the state in a JSON text. Raises InputError for anything else."""
    try:
        state = State.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{'.'.join(map(str, ('state', *first['loc'])))}: {first['msg']}") from None
    whole("seed", state.seed, 0, SEEDS)
    if state.weeks is not None:
        whole("weeks", state.weeks, 1, WEEKS)
    return state


def base_of(side: Side, choices: Choices) -> Scenario:
    """Return the scenario that was chosen for a side. Raises InputError as `load_scenario`."""
    document = choices.document(side.group, side.name)
    return load_text(text_of(document), choices.folder / "scenario")


def load_side(state: State, number: int, choices: Choices, path: Path | None = None) -> Loaded:
    """Read a side of the state. path : where its file will stand; the side's letter, within the folder, if None.

    Raises
    ------
    InputError : as `load_scenario`.
    """
    side = state.sides[number]
    document, base = choices.document(side.group, side.name), base_of(side, choices)
    usual = _usual(base, side)
    given = {
        key: list(value) if isinstance(value, tuple) else value for key, value in (state.world | side.values).items()
    }
    values = {key: value for key, value in given.items() if key not in usual or usual[key] != value}
    title = _title(base, side, bool(values))
    if title["en"] != base.title:
        document["title"] = title["en"]
    if state.weeks is not None and state.weeks != base.weeks:
        document["weeks"] = state.weeks
    text = text_of(changed(document, values, side.add, side.drop))
    scenario = load_text(text, path or choices.folder / LABELS[number])
    return Loaded(base, scenario, title, text)


def load_sides(state: State, choices: Choices) -> dict[str, Loaded]:
    """Return both sides by label. Raises InputError if they can't be read, or aren't the same villages."""
    sides = {label: load_side(state, number, choices) for number, label in enumerate(LABELS)}
    one, other = ([(v.name, v.households) for v in side.scenario.villages] for side in sides.values())
    if one != other:
        raise InputError("A and B are different villages, whose maps don't match; grassroots compare compares them")
    titles = distinct([side.title for side in sides.values()])
    return {label: replace(side, title=title) for (label, side), title in zip(sides.items(), titles, strict=True)}


def _usual(base: Scenario, side: Side) -> Mapping[str, Any]:
    """Return the values that a side has without changes, by dotted key, which its file needn't say."""
    usual = {key: value.value for key, value in explained(base).items()}
    for name, kind in side.add.items():
        if kind in KINDS:
            block = intervention_block(kind, KINDS[kind])
            usual |= {key: leaf.default for key, leaf in leaves(block, f"interventions.{name}") if leaf.has_default}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in usual.items()}


def _title(base: Scenario, side: Side, values: bool) -> Text:
    """Return a side's title: the scenario's own, or its interventions if they are others, and whether values differ."""
    kept = [one.kind for one in base.interventions if one.name not in side.drop]
    title = title_of(base.title, base.interventions)
    if side.add or side.drop:
        names = [name_in("interventions", kind) for kind in (*kept, *side.add.values())]
        joined = {"en": ", ".join(name["en"] for name in names), "zh": "、".join(name["zh"] for name in names)}
        title = {key: text[:1].upper() + text[1:] for key, text in joined.items()} if names else word("no_programme")
    return word("changed", title=title) if values else title
