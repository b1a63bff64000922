"""Numbers as people write them: ``55%``, ``1 year``, ``300,000``, ``40 households``.

A text is taken for a number only if the unit of the value leaves it one meaning:

- Commas or underscores may group digits by threes: ``300,000``, but not ``0,5``.
- ``%`` may follow the value of a pure number, or of a rate such as 1/week.
- Its unit may follow a number: ``40 households``. For weeks this may also be years, which have 52 weeks.

Months and quarters aren't whole numbers of weeks, and dates need a calendar, which scenarios don't have; `hint` says what to
write instead. Full-width digits and signs, as in ``５５％``, count as the plain ones.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction
from functools import cache

from sim.base.yaml_reader import scalar
from sim.scenario.shape import leaves_at

GROUPED = r"[-+]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:_[0-9]{3})+)(?:\.[0-9]+)?"
PLAIN = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
LONGEST = 40
"""Characters of a number; longer texts are something else."""
WEEKS = ("week", "weeks")
"""Units of values that count weeks."""
WEEKS_IN = {"day": 1 / 7, "week": 1, "month": 52 / 12, "quarter": 13, "year": 52}
_PLAIN_FORM = {0xFF01 + k: 0x21 + k for k in range(94)}
"""The signs of Unicode's full-width block, and their plain forms."""
_DECIMAL_COMMA = re.compile(r"([-+]?[0-9]+),([0-9]+\s*[^0-9,.]*)")
_SEPARATORS = re.compile(r"(?<=[0-9])[,' \u00a0\u202f](?=[0-9]{2,3})")


def number_in(text: str, unit: str) -> float | None:
    """Return the number that a text states for a value with this unit; None if it isn't one of the forms above.

    A plain number isn't one of them: YAML reads those itself, and in quotes they are words. The number is that of the same
    digits in YAML, to the bit: ``55.3%`` is 0.553.
    """
    plain = _plain(text)
    if len(plain) > LONGEST:
        return None
    match = re.fullmatch(pattern(unit), plain)
    if match:
        number, factor = match[1] or match[3], _factors(unit)[match[2]] if match[2] else 1
    elif plain != text.strip() and re.fullmatch(PLAIN, plain):
        number, factor = plain, 1
    else:
        return None
    return float(Fraction(number.replace(",", "")) * factor)


def read_number(text: str, units: Collection[str]) -> float | None:
    """Return a number from text that nobody has read yet, plain or in one of the forms above; None for any other text.

    units : those that the value may have; a form must mean the same in all of them.
    """
    value = scalar(text.strip())
    if isinstance(value, str):
        numbers = {number_in(value, unit) for unit in units}
        return numbers.pop() if len(numbers) == 1 else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def units_of(key: str) -> frozenset[str]:
    """Return the units that a dotted key may have: one, or those of all kinds of interventions that have such a key."""
    return frozenset(leaf.unit for leaf in leaves_at(key))


@cache
def pattern(unit: str) -> str:
    """Return the regular expression of the texts that are numbers of this unit, full-width ones apart."""
    follows = "|".join(map(re.escape, _factors(unit)))
    return rf"({GROUPED}|{PLAIN})\s*({follows})|({GROUPED})"


@cache
def _factors(unit: str) -> dict[str, Fraction]:
    """Return what may follow a number of this unit, and by how much each multiplies the number."""
    if unit == "1" or unit.startswith("1/"):
        return {"%": Fraction(1, 100)}
    if unit in WEEKS:
        return {word + s: Fraction(WEEKS_IN[word]) for word in ("week", "year") for s in ("", "s")}
    return dict.fromkeys((unit.casefold(), unit.casefold().removesuffix("s")), Fraction(1))


def hint(text: str, unit: str) -> str:
    """Return ``; write ...`` for a text that isn't a number of this unit; "" if nothing helps."""
    plain = _plain(text)
    if _DECIMAL_COMMA.fullmatch(plain):
        return "; write " + plain.replace(",", ".")
    match = re.fullmatch(rf"({GROUPED}|{PLAIN})\s*(.*)", _SEPARATORS.sub("", plain))
    if match is None:
        return ""
    number, follows = match[1].replace("_", ""), match[2]
    if not follows:
        return f"; write {number}"
    if follows == "%":
        return f"; % can't follow a number of {unit}"
    if unit in WEEKS and follows.removesuffix("s") in WEEKS_IN:
        return f"; write {round(float(number) * WEEKS_IN[follows.removesuffix('s')])}, in weeks"
    if unit in WEEKS:
        return "; write a number of weeks" + (" from the start of the run" if unit == "week" else "")
    return ""


def _plain(text: str) -> str:
    return text.translate(_PLAIN_FORM).strip().casefold()
