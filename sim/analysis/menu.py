"""Menus of interventions from which a policy is chosen, read from ``scenarios/policies`` or from a file of your own.

A menu names a scenario, the weeks of a programme, and interventions in the form that scenarios use, at their full size. A
budget buys their strength. Any number may be written as ``{low: 0, high: 26, plain: 0}`` and any value as ``{choices:
[...]}``; these are the settings that a search varies. Mixes that aren't optimised have ``plain`` or the first choice. In place
of a stop, an intervention has ``weeks``, counted from its start and cut at the programme's end. Left out: roll-outs, whose
villages begin at times of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.analysis.budget import Setting, check_names
from sim.base.errors import InputError, nearest
from sim.base.yaml_reader import Node, read_yaml
from sim.engine.outcomes import YEAR, last_stop
from sim.engine.programme import active
from sim.scenario import Scenario, load_scenario, scenario_names, scenarios_folder, with_values
from sim.scenario.files import POLICIES
from sim.scenario.overrides import plain_node

KEYS = ("title", "scenario", "weeks", "interventions")
OWN = ("strength", "stop", "ramp")
"""Keys of an intervention that a menu can't contain, because amounts and weeks determine them."""
Values = Mapping[str, float]


@dataclass(frozen=True)
class Menu:
    """A decision space in the terms of a scenario.

    title : in one line. scenario : the name or path of the scenario to which the interventions are added. weeks : length of
    the programme, at the end of which every intervention has stopped. interventions : the interventions' blocks by name, with
    ranges and choices as in the file. settings : the varied values, called INTERVENTION.KEY. overrides : applied to the
    scenario as well.
    """

    title: str
    scenario: str
    weeks: int
    interventions: Mapping[str, Node]
    settings: tuple[Setting, ...]
    overrides: tuple[Any, ...] = ()
    _built: dict[tuple[int, ...], Scenario] = field(default_factory=dict, compare=False, repr=False)

    @property
    def plain(self) -> dict[str, float]:
        """The settings' values in mixes that aren't optimised."""
        return {setting.name: setting.plain for setting in self.settings}

    @property
    def horizon(self) -> int:
        """The weeks to simulate: those of the programme and a further year."""
        return self.weeks + YEAR

    def own(self, intervention: str) -> list[Setting]:
        """Return the settings of one intervention."""
        return [setting for setting in self.settings if setting.name.startswith(f"{intervention}.")]

    def text_of(self, setting: Setting, value: float) -> str:
        """Return a setting's value as text: a number, or the alternative with this number."""
        if setting.ordered:
            return f"{value:g}"
        intervention, *steps = setting.name.split(".")
        node = self.interventions[intervention]
        for step in steps:
            node = node.value[step]
        chosen = node.value["choices"].value[int(value)].plain()
        if isinstance(chosen, dict):
            return " ".join(f"{key}={part}" for key, part in chosen.items())
        return str(chosen)

    def period(self, intervention: str, values: Values) -> tuple[int, int]:
        """Return an intervention's start and stop under these settings."""
        start = int(self._number(intervention, "start", values, 0))
        return start, min(self.weeks, start + int(self._number(intervention, "weeks", values, self.weeks)))

    def scenario_at(self, amounts: Values, values: Values) -> Scenario:
        """Return the scenario with each intervention at this strength (0 if not listed) and these settings."""
        choices = tuple(int(values[setting.name]) for setting in self.settings if not setting.ordered)
        if choices not in self._built:
            self._built[choices] = self._build(values)
        numbers: dict[str, float] = {}
        for name in self.interventions:
            start, stop = self.period(name, values)
            key = f"interventions.{name}"
            numbers |= {f"{key}.strength": amounts.get(name, 0.0), f"{key}.start": start, f"{key}.stop": stop}
            for setting in self.own(name):
                rest = setting.name.removeprefix(f"{name}.")
                if setting.ordered and rest not in ("start", "weeks"):
                    value = values[setting.name]
                    numbers[f"{key}.{rest}"] = int(value) if setting.whole else value
        return with_values(self._built[choices], numbers)

    def blocks(self, values: Values) -> list[dict[str, Any]]:
        """Return the interventions' blocks with the alternatives that these settings choose, and plain values for ranges."""
        return [node.plain() for node in self._settled(values)]

    def _settled(self, values: Values) -> list[Node]:
        """Return the interventions' blocks with ranges and choices resolved, and without the menu's own key."""
        blocks = []
        for name, node in self.interventions.items():
            block = _settled(node, name, values)
            own = {key: part for key, part in block.value.items() if key != "weeks"}
            blocks.append(Node(own, block.file, block.line))
        return blocks

    def _build(self, values: Values) -> Scenario:
        file = next(iter(self.interventions.values())).file
        ours = {"weeks": self.horizon, "interventions": Node(self._settled(values), file, None)}
        return load_scenario(self.scenario, [ours, *self.overrides])

    def _number(self, intervention: str, key: str, values: Values, default: float) -> float:
        name = f"{intervention}.{key}"
        if name in values:
            return values[name]
        node = self.interventions[intervention].value.get(key)
        return default if node is None else float(node.value)

    def only(self, names: Sequence[str]) -> Menu:
        """Return the menu with only these interventions. Raises InputError for one that it doesn't have."""
        check_names(names, list(self.interventions), "intervention in the menu")
        kept = {name: node for name, node in self.interventions.items() if name in names}
        settings = tuple(s for s in self.settings if s.name.split(".")[0] in kept)
        return Menu(self.title, self.scenario, self.weeks, kept, settings, self.overrides)


def load_menu(name_or_path: str | Path, overrides: Sequence[Any] = ()) -> Menu:
    """Load a menu by its name in ``scenarios/policies`` or by its path, and check both ends of every range.

    The name of a scenario gives a menu of its interventions in their own weeks. overrides : applied to the menu's
    scenario, as `load_scenario` takes them.

    Raises
    ------
    InputError : the first mistake, in one line, with the file, the line and the nearest valid name.
    """
    if str(name_or_path) in scenario_names():
        return _menu_of(str(name_or_path), tuple(overrides))
    root = read_yaml(_find(name_or_path))
    if not isinstance(root.value, dict):
        raise root.error(f"a menu must be a block of keys ({', '.join(KEYS)})")
    for key, node in root.value.items():
        if key not in KEYS:
            raise node.error(f"unknown key '{key}' in a menu{nearest(key, KEYS)}")
    for key in KEYS:
        if key not in root.value:
            raise root.error(f"'{key}' is missing")
    weeks = root.value["weeks"]
    if not isinstance(weeks.value, int) or isinstance(weeks.value, bool) or not 1 <= weeks.value <= 5200 - YEAR:
        raise weeks.error(f"'weeks' must be a whole number from 1 to {5200 - YEAR:,}")
    interventions = dict(_interventions(root.value["interventions"]))
    settings = tuple(setting for name, node in interventions.items() for setting in _settings(node, name))
    texts = {key: str(root.value[key].value) for key in ("title", "scenario")}
    menu = Menu(texts["title"], texts["scenario"], weeks.value, interventions, settings, tuple(overrides))
    _check_ends(menu)
    return menu


def _menu_of(name: str, overrides: tuple[Any, ...]) -> Menu:
    """Return the menu of a scenario's active interventions; those without a stop end a year before the scenario does."""
    scenario = load_scenario(name, overrides)
    interventions = active(scenario)
    if not interventions:
        raise InputError(f"scenario '{name}' has no active intervention to mix")
    weeks = last_stop(scenario) or max(1, scenario.weeks - YEAR)
    blocks = {}
    for intervention in interventions:
        if intervention.kind == "rollout":
            raise InputError(f"scenario '{name}' has a roll-out, which a menu can't contain")
        start = min(intervention.start, weeks)
        length = (weeks if intervention.stop is None else intervention.stop) - start
        block = {"kind": intervention.kind, "name": intervention.name, "start": start, "weeks": max(0, length)}
        blocks[intervention.name] = plain_node(block, name)
    return Menu(scenario.title, name, weeks, blocks, (), overrides)


def _find(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml"):
        return path
    folder = scenarios_folder() / POLICIES
    names = sorted(file.stem for file in folder.glob("*.yaml"))
    if str(name_or_path) not in names:
        hint = nearest(str(name_or_path), [*names, *scenario_names()])
        raise InputError(f"no menu or scenario is called '{name_or_path}'{hint}")
    return folder / f"{name_or_path}.yaml"


def _interventions(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the interventions' names and blocks."""
    if not isinstance(node.value, list) or not node.value:
        raise node.error("'interventions' must be a list of interventions, each beginning with '- kind: ...'")
    seen: set[str] = set()
    for item in node.value:
        if not isinstance(item.value, dict) or "kind" not in item.value:
            raise item.error("an intervention must be a block of keys, beginning with 'kind: ...'")
        name = str((item.value.get("name") or item.value["kind"]).value)
        if item.value["kind"].value == "rollout":
            raise item.error("a menu can't contain a roll-out")
        if name in seen:
            raise item.error(f"two interventions are called '{name}'; give one of them another name")
        for key in OWN:
            if key in item.value:
                raise item.value[key].error(f"a menu can't contain '{key}': budgets set strength, and weeks set stop")
        for key in ("start", "weeks"):
            part = item.value.get(key)
            if isinstance(part, Node) and not _is_range(part) and type(part.value) is not int:
                raise part.error(f"'{key}' must be a whole number of weeks, or a range of them")
        seen.add(name)
        yield name, item


def _is_range(node: Node) -> bool:
    return isinstance(node.value, dict) and {"low", "high"} <= set(node.value) <= {"low", "high", "plain"}


def _is_choice(node: Node) -> bool:
    return isinstance(node.value, dict) and set(node.value) == {"choices"}


def _settings(node: Node, path: str) -> Iterator[Setting]:
    """Yield the settings in a block; a setting's name is its path."""
    if _is_range(node):
        ends = {key: part.value for key, part in node.value.items()}
        if any(isinstance(end, bool) or not isinstance(end, int | float) for end in ends.values()):
            raise node.error(f"{path}: low, high and plain must be numbers")
        plain = ends.get("plain", ends["low"])
        if not ends["low"] < ends["high"] or not ends["low"] <= plain <= ends["high"]:
            raise node.error(f"{path}: low must be less than high, and plain between them")
        whole = all(isinstance(end, int) for end in ends.values())
        yield Setting(path, ends["low"], ends["high"], plain, whole)
    elif _is_choice(node):
        choices = node.value["choices"].value
        if not isinstance(choices, list) or len(choices) < 2:
            raise node.error(f"{path}: 'choices' must be a list of at least two")
        yield Setting(path, 0, len(choices) - 1, 0, True, False)
    elif isinstance(node.value, dict):
        for key, part in node.value.items():
            yield from _settings(part, f"{path}.{key}")


def _settled(node: Node, path: str, values: Values) -> Node:
    """Return a block with ranges and choices resolved."""
    if _is_range(node):
        plain: Node = node.value.get("plain", node.value["low"])
        return plain
    if _is_choice(node):
        chosen: Node = node.value["choices"].value[int(values[path])]
        return chosen
    if not isinstance(node.value, dict):
        return node
    parts = {key: _settled(part, f"{path}.{key}", values) for key, part in node.value.items()}
    return Node(parts, node.file, node.line)


def _check_ends(menu: Menu) -> None:
    """Build the scenario at both ends of every range and with every choice, one at a time."""
    menu.scenario_at({}, menu.plain)
    for setting in menu.settings:
        ends = (setting.low, setting.high) if setting.ordered else range(int(setting.high) + 1)
        for value in ends:
            try:
                menu.scenario_at({}, {**menu.plain, setting.name: float(value)})
            except InputError as error:
                intervention = menu.interventions[setting.name.split(".")[0]]
                place = (error.file, error.line) if error.line is not None else (intervention.file, intervention.line)
                raise InputError(f"{setting.name} = {value:g}: {error.what}", *place) from None
