"""Checks of interventions: an outside class with its keys, its effects, and whom the interventions of a scenario choose.

A class is checked when it is registered. Its effects are checked once more when a scenario sets its keys, because they may
depend on them. Each mistake gives one line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic.errors import PydanticUserError

from sim.base.errors import InputError, nearest
from sim.base.whole import WEEKS
from sim.interventions.base import Effect, Gift, Intervention, Outsiders, Who
from sim.interventions.values import GIFT_USES, NAMED_VALUES

_KIND = re.compile(r"[a-z][a-z0-9_]{0,59}")
MAX_CHOICES = 31
"""Number of sets of people that the interventions of a scenario may choose; each set is one bit of a 32-bit column."""

MOST_YUAN = 1e13
"""Greatest gift of an intervention, in yuan; the engine counts in whole fen."""
MOST_AMOUNT = 1_000_000
"""Greatest amount of an effect, up or down; sums of larger ones could overflow the engine's counts."""


def check_effects(intervention: Intervention) -> None:
    """Check the effects and gifts of an intervention.

    Raises
    ------
    InputError : `effects` or `gifts` raises an error; an unknown named value or use; a named value of the whole village
        for chosen households; an amount that isn't a finite number or is too large, or a period that isn't whole weeks.
    """
    subject = f"intervention '{intervention.kind}'"
    try:
        effects, gifts = tuple(intervention.effects()), tuple(intervention.gifts())
    except Exception as error:  # the author's code may raise anything; a user of the scenario needs one clear line
        raise InputError(f"{subject}: its effects fail: {one_line(error)}") from None
    _check_intensity(intervention, subject)
    for effect in effects:
        if not isinstance(effect, Effect):
            raise InputError(f"{subject}: effects() returns {effect!r}, which isn't an Effect")
        place = f"{subject}: effect on '{effect.value}'"
        if effect.value not in NAMED_VALUES:
            raise InputError(f"{place}: there is no such named value{nearest(effect.value, NAMED_VALUES)}")
        if effect.who is not None and not isinstance(effect.who, Who | Outsiders):
            raise InputError(f"{place}: who must be a Who, Outsiders or None, not {effect.who!r}")
        if effect.who is not None and NAMED_VALUES[effect.value].of == "village":
            raise InputError(f"{place}: it belongs to the whole village, so leave out who")
        if not _is_finite(effect.amount):
            raise InputError(f"{place}: the amount must be a finite number, not {effect.amount!r}")
        if abs(effect.amount) > MOST_AMOUNT:
            raise InputError(
                f"{place}: the amount must be from -{MOST_AMOUNT:,} to {MOST_AMOUNT:,}, not {effect.amount:g}"
            )
        if type(effect.every) is not int or not 0 <= effect.every <= WEEKS:
            raise InputError(
                f"{place}: every must be a whole number of weeks up to {WEEKS:,}, or ONCE, not {effect.every!r}"
            )
    for gift in gifts:
        if not isinstance(gift, Gift):
            raise InputError(f"{subject}: gifts() returns {gift!r}, which isn't a Gift")
        if gift.use not in GIFT_USES:
            raise InputError(f"{subject}: a gift can't be for '{gift.use}'{nearest(gift.use, GIFT_USES)}")
        if not _is_finite(gift.yuan) or not 0 <= gift.yuan <= MOST_YUAN:
            raise InputError(
                f"{subject}: a gift must be a number of yuan from 0 to {MOST_YUAN:,.0f}, not {gift.yuan!r}"
            )


def _check_intensity(intervention: Intervention, subject: str) -> None:
    """Raise InputError if an intensity of the author's own isn't a number from 0 to 1 in each of a run's weeks."""
    if type(intervention).intensity is Intervention.intensity:
        return
    import numpy as np

    weeks = np.arange(WEEKS)
    try:
        intensity = np.asarray(intervention.intensity(weeks), np.float64)
    except Exception as error:  # the author's code, as above
        raise InputError(f"{subject}: its intensity fails: {one_line(error)}") from None
    if intensity.shape != weeks.shape or not ((intensity >= 0) & (intensity <= 1)).all():
        raise InputError(f"{subject}: intensity() must give a number from 0 to 1 for each week")


def check_choices(interventions: Iterable[Intervention]) -> None:
    """Check that interventions choose at most `MAX_CHOICES` sets of people; those of strength 0 choose none.

    Raises
    ------
    InputError : they choose more than `MAX_CHOICES`.
    """
    chosen = {
        (intervention.name, effect.who)
        for intervention in interventions
        for effect in (intervention.effects() if intervention.strength > 0 else ())
        if effect.who is not None and effect.amount != 0
    }
    if len(chosen) > MAX_CHOICES:
        raise InputError(f"the interventions choose {len(chosen)} sets of people; at most {MAX_CHOICES} are possible")


def _is_finite(amount: Any) -> bool:
    return isinstance(amount, int | float) and not isinstance(amount, bool) and math.isfinite(amount)


def checked_kind(intervention: Any) -> str:
    """Return the kind of an intervention's class. Raises InputError for anything else, and for a class without a kind."""
    if not (isinstance(intervention, type) and issubclass(intervention, Intervention)) or intervention is Intervention:
        raise InputError(f"{intervention!r} isn't an intervention: make it a subclass of Intervention")
    try:
        intervention.model_rebuild()
    except (PydanticUserError, NameError) as error:
        raise InputError(f"intervention {intervention.__name__}: {one_line(error)}") from None
    annotation = intervention.model_fields["kind"].annotation
    words = get_args(annotation) if get_origin(annotation) is Literal else ()
    if len(words) != 1 or not isinstance(words[0], str) or not _KIND.fullmatch(words[0]):
        raise InputError(
            f'intervention {intervention.__name__}: declare kind: Literal["its_kind"], one word of lower-case letters, '
            "digits and underscores"
        )
    return words[0]


def check_keys(intervention: type[Intervention], kind: str) -> None:
    """Check that a class and its keys are described, and check its effects if all of its keys have defaults.

    Raises InputError for the first mistake.
    """
    if not (intervention.__dict__.get("__doc__") or "").strip():
        raise InputError(f"intervention '{kind}': its class needs a docstring: one sentence on what it does")
    for key, info in intervention.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        if key != "kind" and (not info.description or "unit" not in extra):
            raise InputError(
                f"intervention '{kind}': declare the key '{key}' with number(...) or word(...) from sim.base.fields"
            )
        if key != "kind" and not info.is_required() and not str(extra.get("evidence", "")).strip():
            raise InputError(f"intervention '{kind}': the default of '{key}' needs evidence, or 'assumption: why'")
    if any(info.is_required() for key, info in intervention.model_fields.items() if key != "kind"):
        return
    try:
        by_default = intervention.model_validate({"kind": kind})
    except ValidationError as error:
        raise InputError(f"intervention '{kind}': its defaults: {error.errors()[0]['msg']}") from None
    check_effects(by_default)


def check_chinese(intervention: type[Intervention], kinds: Mapping[str, type[Intervention]]) -> None:
    """Raise InputError if a name in Chinese isn't a text, or is the name or the kind of another intervention in `kinds`."""
    for name in intervention.chinese:
        if not isinstance(name, str) or not name.strip() or name in kinds:
            raise InputError(f"intervention {intervention.__name__}: {name!r} can't be its name in Chinese")
        for kind, other in kinds.items():
            if name in other.chinese and other.__qualname__ != intervention.__qualname__:
                raise InputError(f"intervention {intervention.__name__}: the name '{name}' is taken by '{kind}'")


def one_line(error: BaseException) -> str:
    """Return an error in one line."""
    if isinstance(error, InputError):
        return str(error)
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
