"""Turn a draft into a scenario: fill in defaults, expand villages, and let the frozen models check each block."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError

from sim.base.errors import InputError, Mistakes, nearest, together
from sim.base.fields import Frozen
from sim.base.yaml_reader import Node
from sim.interventions import Intervention, check_choices, check_effects
from sim.interventions.rollout import Rollout
from sim.scenario import draft, shape
from sim.scenario.draft import Block
from sim.scenario.drawing import Drawn
from sim.scenario.provenance import Origin, attach
from sim.scenario.schema import Scenario, Spread, Village
from sim.scenario.values import Provenance

MAX_INTERVENTIONS = 31
MAX_VILLAGES = 100_000


def resolve(root: Block) -> Scenario:
    """Return the scenario that a draft describes, with its provenance attached.

    Raises
    ------
    InputError : keys are missing, values contradict each other, a name is used twice or is unknown, or there are more than
        31 interventions; all mistakes together, see `sim.base.errors.MistakesError`.
    """
    top = shape.scenario_shape()
    settings: dict[str, Provenance] = {}
    builder = _Builder(settings)
    values: dict[str, Any] = {}
    own: set[str] = set()
    members: dict[str, tuple[str, ...]] = {}
    drawn: dict[str, Drawn] = {}
    mistakes = Mistakes()
    for key, part in top.fields.items():
        here = root.parts.get(key)
        with mistakes.attempt():
            if key == "village":
                values["villages"] = _villages(builder, root, own, members, drawn)
            elif key == "interventions":
                values[key] = _interventions(builder, here, members, values.get("villages"), root)
            elif not isinstance(part, shape.Items):
                values[key] = builder.part(part, here, key, root.place, None, "")
    mistakes.check()
    origin = Origin(settings, frozenset(own), members, drawn, remarks=tuple(_kept_by_empty_lists(root)))
    return attach(builder.model(Scenario, values, root, ""), origin)


def _kept_by_empty_lists(root: Block) -> Iterator[str]:
    """Yield a remark on each empty list that keeps what is inherited."""
    for key in ("villages", "interventions"):
        items = root.parts.get(key)
        if isinstance(items, Block) and items.parts and items.place.value == []:
            names = list(items.parts)
            what = f"{key} is empty, but keeps what is inherited: {', '.join(names)}; to drop one, write"
            yield str(items.place.error(f"{what} '- {{name: {names[0]}, {draft.DROP}: true}}'"))


class _Builder:
    """Build frozen models from blocks, and note the provenance of every value in `settings`."""

    def __init__(self, settings: dict[str, Provenance]) -> None:
        self.settings = settings

    def block(
        self, of: shape.Block, block: Block | None, path: str, place: Node, default: Frozen | None = None,
        evidence: str = "", owner: str = "", more: dict[str, Any] | None = None,
    ) -> Frozen:  # fmt: skip
        """Build one block; keys that are left out come from the instance `default`, which rests on `evidence`."""
        here = block.place if block is not None else place
        values: dict[str, Any] = dict(more or {})
        mistakes = Mistakes()
        for key, part in of.fields.items():
            if key in of.model.model_fields and key not in values:
                below = block.parts.get(key) if block is not None else None
                own = None if default is None else getattr(default, key)
                # The evidence of a default block covers the keys that it names; other keys have evidence of their own.
                basis = evidence if default is not None and key in default.model_fields_set else ""
                with mistakes.attempt():
                    values[key] = self.part(part, below, f"{path}.{key}", here, own, basis, owner)
        mistakes.check()
        built = self.model(of.model, values, block or Block({}, place), path)
        assert isinstance(built, Frozen)
        return built

    def part(
        self, of: shape.Shape, part: draft.Part | None, path: str, place: Node, default: Any, evidence: str,
        owner: str = "",
    ) -> Any:  # fmt: skip
        """Build a leaf or a block; `default` is its value in its parent's default, or None."""
        if isinstance(of, shape.Block):
            assert part is None or isinstance(part, Block)
            use = of.default if default is None else default
            return self.block(of, part, path, place, use, evidence or of.evidence, owner)
        assert isinstance(of, shape.Leaf) and not isinstance(part, Block)
        if part is None:
            if not of.has_default and default is None:
                raise place.error(f"{path} is missing ({of.meaning})")
            value = default if evidence else of.default
            part = Provenance(value, of, evidence or of.evidence, owner=owner)
        self.settings[path] = part
        return part.value

    def model(self, model: type[Frozen], values: dict[str, Any], block: Block, path: str) -> Any:
        """Validate a block's values with its model, and report what it rejects at the block's place."""
        try:
            return model.model_validate(values)
        except ValidationError as error:
            raise together([_rejection(one["msg"], one["loc"], block, path) for one in error.errors()]) from None


def _rejection(said: str, loc: tuple[int | str, ...], block: Block, path: str) -> InputError:
    """Return what a model says of the value at `loc` within a block, at the place where the value was set."""
    at = block.parts.get(str(loc[0])) if loc else None
    what = f"{'.'.join([path, *map(str, loc)]).strip('.') or 'the scenario'}: {said.removeprefix('Value error, ')}"
    return InputError(what, at.file, at.line) if isinstance(at, Provenance) and at.file else block.place.error(what)


def _villages(
    builder: _Builder, root: Block, own: set[str], members: dict[str, tuple[str, ...]], drawn: dict[str, Drawn]
) -> tuple[Village, ...]:
    of = shape.block(Village)
    template, items = root.parts.get("village"), root.parts.get("villages")
    assert template is None or isinstance(template, Block)
    if not isinstance(items, Block) or not items.parts:
        village = builder.block(of, template, "village", root.place)
        assert isinstance(village, Village)
        name = builder.settings["village.name"]
        draft.check_name(Node(village.name, name.file, name.line), "village.name")
        members[village.name] = (village.name,)
        return (village,)
    if template is not None:
        builder.settings |= dict(draft.values(template, "village"))
    name_leaf = of.fields["name"]
    assert isinstance(name_leaf, shape.Leaf)
    villages: list[Village] = []
    first: dict[str, str] = {}
    mistakes = Mistakes()
    for item, block in items.parts.items():
        assert isinstance(block, Block)
        path = f"villages.{item}"
        own |= {key for key, _ in draft.values(block, path)}
        members[item] = _copies(builder, block, item)
        label = Provenance(item, name_leaf, "label", (), block.place.file, block.place.line)
        whole = draft.over(template, block)
        for one in members[item]:
            if one in first:
                raise block.place.error(f"two villages are called '{one}' (villages.{first[one]} and {path})")
            first[one] = item
        if len(first) > MAX_VILLAGES:
            raise block.place.error(f"more than {MAX_VILLAGES:,} villages")
        with mistakes.attempt():
            village = builder.block(of, Block({**whole.parts, "name": label}, whole.place), path, root.place)
            assert isinstance(village, Village)
            spread = _spread(builder, block, item)
            if spread is None:
                villages += [
                    village if one == item else village.model_copy(update={"name": one}) for one in members[item]
                ]
            else:
                drawn[item] = Drawn(village=village, spread=spread)
                villages += drawn[item].villages(members[item])
        if mistakes.enough:
            break
    mistakes.check()
    return tuple(villages)


def _spread(builder: _Builder, block: Block, item: str) -> Spread | None:
    """Return how the villages of an item of `villages` differ; None if the item has no spread."""
    part = block.parts.get("spread")
    if part is None:
        return None
    assert isinstance(part, Block)
    spread = builder.block(shape.block(Spread), part, f"villages.{item}.spread", block.place, owner="spread")
    assert isinstance(spread, Spread)
    return spread


def _copies(builder: _Builder, block: Block, item: str) -> tuple[str, ...]:
    """Return the names of the villages that an item of `villages` describes."""
    copies = block.parts.get("copies")
    if not isinstance(copies, Provenance):
        return (item,)
    builder.settings[f"villages.{item}.copies"] = copies
    return tuple(f"{item}-{number}" for number in range(1, copies.value + 1))


def _interventions(
    builder: _Builder, items: draft.Part | None, members: dict[str, tuple[str, ...]],
    villages: tuple[Village, ...] | None, root: Block,
) -> tuple[Intervention, ...]:  # fmt: skip
    """Return the interventions; villages : None if those are wrong, so that their names can't be checked."""
    if not isinstance(items, Block):
        return ()
    if len(items.parts) > MAX_INTERVENTIONS:
        raise items.place.error(f"{len(items.parts)} interventions; a scenario may have at most {MAX_INTERVENTIONS}")
    names = None if villages is None else {**members, **{village.name: (village.name,) for village in villages}}
    variants = shape.scenario_shape().fields["interventions"]
    assert isinstance(variants, shape.Items)
    interventions: list[Intervention] = []
    mistakes = Mistakes()
    for name, block in items.parts.items():
        assert isinstance(block, Block)
        path = f"interventions.{name}"
        labels = {"kind": block.tag, "name": name}
        kind = variants.variants()[block.tag]
        with mistakes.attempt():
            intervention = builder.block(kind, block, path, root.place, owner=block.tag, more=labels)
            assert isinstance(intervention, Intervention)
            with _at_place(block.place):
                check_effects(intervention)
            interventions.append(_placed(intervention, builder.settings, names, items.parts))
    mistakes.check()
    with mistakes.attempt(), _at_place(items.place):
        check_choices(interventions)
    with mistakes.attempt():
        _check_rollouts(interventions, builder.settings)
    mistakes.check()
    return tuple(interventions)


@contextmanager
def _at_place(place: Node) -> Iterator[None]:
    """Give the block's `InputError` this place."""
    try:
        yield
    except InputError as error:
        raise place.error(error.what) from None


def _placed(
    intervention: Intervention, settings: dict[str, Provenance], names: dict[str, tuple[str, ...]] | None,
    present: Container[str],
) -> Intervention:  # fmt: skip
    """Return an intervention that names villages one by one, with an item's name replaced by those of all its copies.

    names : the villages that each name stands for; None if they aren't known. present : the names of the scenario's
    interventions, which a roll-out may name in Chinese.
    """
    path = f"interventions.{intervention.name}"
    where = _named_villages(intervention.where.villages, f"{path}.where.villages", settings, names)
    changes: dict[str, Any] = {}
    if where != intervention.where.villages:
        changes["where"] = intervention.where.model_copy(update={"villages": where})
    if isinstance(intervention, Rollout):
        key = f"{path}.pilot_villages"
        pilots = _named_villages(intervention.pilot_villages, key, settings, names)
        for name in pilots:
            if where and name not in where:
                raise _at(settings[key], f"{key}: '{name}' is not among {path}.where.villages")
        changes["pilot_villages"] = pilots
        changes["interventions"] = tuple(draft.item_name(name, present) for name in intervention.interventions)
    return intervention.model_copy(update=changes) if changes else intervention


def _named_villages(
    listed: tuple[str, ...], key: str, settings: dict[str, Provenance], names: dict[str, tuple[str, ...]] | None
) -> tuple[str, ...]:
    """Return the villages that a key lists, each of them once."""
    if names is None:
        return listed
    for name in listed:
        if name not in names:
            raise _at(settings[key], f"{key}: no village '{name}'{nearest(name, names)}")
    return tuple(dict.fromkeys(village for name in listed for village in names[name]))


def _check_rollouts(interventions: list[Intervention], settings: dict[str, Provenance]) -> None:
    """Reject a second roll-out, and one that spreads itself or an intervention that the scenario doesn't have."""
    rollouts = [each for each in interventions if isinstance(each, Rollout)]
    others = [each.name for each in interventions if not isinstance(each, Rollout)]
    for rollout in rollouts:
        path = f"interventions.{rollout.name}"
        setting = settings[f"{path}.interventions"]
        if rollout is not rollouts[0]:
            raise _at(setting, f"{path}: a scenario may have one roll-out, and already has '{rollouts[0].name}'")
        for name in rollout.interventions:
            if name not in others:
                unknown = f"no intervention '{name}' to spread{nearest(name, others)}"
                raise _at(setting, f"{path}.interventions: {unknown}")
            # Money is divided over an intervention's own weeks, which have no end in a village that begins at any time.
            spread = next(each for each in interventions if each.name == name)
            if spread.stop is None and any(gift.yuan > 0 for gift in spread.gifts()):
                raise _at(setting, f"{path}.interventions: '{name}' gives money and so needs a stop")


def _at(setting: Provenance, what: str) -> InputError:
    """Return an error at the place where a value was set."""
    return InputError(what, setting.file or None, setting.line)
