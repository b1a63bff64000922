"""Draw the villages of a town: copies of one village that differ in size, people and plan (P15).

A trait is drawn from the village's name and the trait's own key, and doesn't depend on the run's seed. So ``v-7`` is the
same village whether the town has 10 villages or 300, letting one trait vary doesn't change another, and all runs of a
scenario are about the same villages. The engine draws in each run who lives there and how willing the whole village is
(`Village.heterogeneity`).
"""

import hashlib
import math
from collections.abc import Sequence
from functools import cache, reduce
from typing import Any

from sim.base.fields import Frozen
from sim.scenario import shape
from sim.scenario.schema import Spread, Village
from sim.scenario.shape import Leaf

BY_SIZE = ("party_members", "worthies", "volunteers")
"""Numbers of people that grow with the number of households, unless `Spread.people_by_size` is false."""
SHARE_DIGITS = 4
"""Decimals of a drawn share; rounding hides that C libraries differ in the last bit of ``exp``."""


class Drawn(Frozen):
    """An item of `villages` whose copies are drawn: the village about which they vary, and by how much."""

    village: Village
    spread: Spread

    def traits(self) -> tuple[str, ...]:
        """Return the dotted keys that may differ between the villages, households first."""
        return tuple(
            key for key in _ranges() if value_at(self.spread, key) or (key in BY_SIZE and self.spread.households)
        )

    def villages(self, names: Sequence[str]) -> tuple[Village, ...]:
        """Return the villages with these names."""
        plan: dict[str, Sequence[Any]] = {}
        own: dict[str, Sequence[Any]] = {"name": names}
        for key in self.traits():
            if key.startswith("plan."):
                plan[key.removeprefix("plan.")] = self._values(key, names)
            elif key in BY_SIZE:
                # There are never more people in a role than households, even if that changes the totals.
                households = own.get("households", [self.village.households] * len(names))
                own[key] = [min(pair) for pair in zip(self._values(key, names, households), households, strict=True)]
            else:
                own[key] = self._values(key, names)
        common = self.village
        sizes = own.get("households", [common.households] * len(names))
        members = own.get("party_members", [common.party_members] * len(names))
        own["representatives"] = [min(common.representatives, many) for many in sizes]
        own["floating_members"] = [
            min(common.floating_members, many - lists) for many, lists in zip(sizes, members, strict=True)
        ]
        villages = []
        for at in range(len(names)):
            values: dict[str, Any] = {key: one[at] for key, one in own.items()}
            if plan:
                values["plan"] = common.plan.model_copy(update={key: one[at] for key, one in plan.items()})
            villages.append(common.model_copy(update=values))
        return tuple(villages)

    def _values(self, key: str, names: Sequence[str], households: Sequence[int] = ()) -> Sequence[float]:
        """Return a trait of each village; `households` is passed for people who may be in proportion to them."""
        leaf, centre, sd = _ranges()[key], value_at(self.village, key), value_at(self.spread, key)
        deviations = [sd * normal(name, key) for name in names] if sd else [0.0] * len(names)
        if leaf.kind != "integer":
            return [_share(leaf, centre, deviation) for deviation in deviations]
        # Subtract half the variance, so that the mean of the log-normal is the centre.
        amounts = [centre * math.exp(deviation - sd * sd / 2.0) for deviation in deviations]
        if households and self.spread.people_by_size:
            of_one = self.village.households
            amounts = [amount * many / of_one for amount, many in zip(amounts, households, strict=True)]
        if self.spread.keep_totals and not key.startswith("plan."):
            return _apportioned(leaf, centre, amounts)
        return [int(_within(leaf, math.floor(amount + 0.5))) for amount in amounts]


def value_at(block: Frozen, key: str) -> Any:
    """Return the value at a dotted key of a block."""
    return reduce(getattr, key.split("."), block)


def normal(name: str, key: str) -> float:
    """Return the standard normal deviate of a village's trait (by Box and Muller, from a hash of name and key)."""
    digest = hashlib.blake2b(f"{name}\0{key}".encode(), digest_size=16, person=b"village's trait").digest()
    first = 1 + (int.from_bytes(digest[:8], "little") >> 11)  # 53 bits, and never 0
    second = int.from_bytes(digest[8:], "little") >> 11
    return math.sqrt(-2.0 * math.log(first * 2.0**-53)) * math.cos(2.0 * math.pi * second * 2.0**-53)


@cache
def _ranges() -> dict[str, Leaf]:
    """Return the range of each trait that a spread can name."""
    village = dict(shape.leaves(shape.block(Village)))
    return {key: village[key] for key, leaf in shape.leaves(shape.block(Spread)) if leaf.is_number}


def _share(leaf: Leaf, centre: float, deviation: float) -> float:
    """Return a share at this distance from the centre on the logit scale; 0 and 1 stay as they are."""
    if not 0.0 < centre < 1.0:
        return centre
    odds = centre / (1.0 - centre) * math.exp(deviation)
    return _within(leaf, round(odds / (1.0 + odds), SHARE_DIGITS))


def _within(leaf: Leaf, value: float) -> float:
    """Return the value, moved into the trait's range."""
    assert leaf.low is not None and leaf.high is not None
    return min(max(value, leaf.low), leaf.high)


def _apportioned(leaf: Leaf, centre: int, amounts: Sequence[float]) -> list[int]:
    """Return whole numbers of mean `centre`: the least that each may have, and the rest in proportion to `amounts`.

    It uses the method of largest remainders; among equal remainders the first comes first.
    """
    assert leaf.low is not None
    least = int(leaf.low)
    total = (centre - least) * len(amounts)
    whole = math.fsum(amounts)
    quotas = [total * amount / whole if whole else 0.0 for amount in amounts]
    shares = [math.floor(quota) for quota in quotas]
    order = sorted(range(len(shares)), key=lambda at: (shares[at] - quotas[at], at))
    for at in order[: total - sum(shares)]:
        shares[at] += 1
    return [int(_within(leaf, least + number)) for number in shares]
