"""Draw the villages of a town: copies of one village that differ in size, people and plan (P15).

A trait is drawn from the village's name and the trait's own key, and from no run's seed. So ``v-7`` is the same village
whether the town has 10 or 300, a trait may begin or cease to vary without moving another, and all runs of a scenario
are about the same villages. Who lives there, and how willing the whole village is (`Village.heterogeneity`), is drawn
anew in each run by the engine.
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
"""What grows with the number of households, unless `Spread.people_by_size` is false."""
SHARE_DIGITS = 4
"""Decimals of a drawn share: C libraries differ in the last bit of ``exp``, and rounding makes that no difference."""


class Drawn(Frozen):
    """An item of `villages` whose villages are drawn: the village that they vary about, and by how much."""

    village: Village
    spread: Spread

    def traits(self) -> tuple[str, ...]:
        """Return the dotted keys of a village that may differ between the villages, households first."""
        return tuple(
            key for key in _ranges() if value_at(self.spread, key) or (key in BY_SIZE and self.spread.households)
        )

    def villages(self, names: Sequence[str]) -> tuple[Village, ...]:
        """Return the villages of these names."""
        plan: dict[str, Sequence[Any]] = {}
        own: dict[str, Sequence[Any]] = {"name": names}
        for key in self.traits():
            if key.startswith("plan."):
                plan[key.removeprefix("plan.")] = self._values(key, names)
            elif key in BY_SIZE:
                # There are never more people in a role than households, whatever that makes of the totals.
                households = own.get("households", [self.village.households] * len(names))
                own[key] = [min(pair) for pair in zip(self._values(key, names, households), households, strict=True)]
            else:
                own[key] = self._values(key, names)
        common = self.village
        found = []
        for at in range(len(names)):
            values: dict[str, Any] = {key: one[at] for key, one in own.items()}
            if plan:
                values["plan"] = common.plan.model_copy(update={key: one[at] for key, one in plan.items()})
            found.append(common.model_copy(update=values))
        return tuple(found)

    def _values(self, key: str, names: Sequence[str], households: Sequence[int] = ()) -> Sequence[float]:
        """Return a trait of each village; `households` are given where people may be in proportion to them."""
        leaf, centre, sd = _ranges()[key], value_at(self.village, key), value_at(self.spread, key)
        deviations = [sd * normal(name, key) for name in names] if sd else [0.0] * len(names)
        if leaf.kind != "integer":
            return [_share(leaf, centre, deviation) for deviation in deviations]
        # Less half the variance, so that the mean of the log-normal is the centre.
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
    """Return what a village's own ranges say of each trait that a spread can name."""
    village = dict(shape.leaves(shape.block(Village)))
    return {key: village[key] for key, leaf in shape.leaves(shape.block(Spread)) if leaf.is_number}


def _share(leaf: Leaf, centre: float, deviation: float) -> float:
    """Return a share that lies so far from the centre on the logit scale; all and none stay so."""
    if not 0.0 < centre < 1.0:
        return centre
    odds = centre / (1.0 - centre) * math.exp(deviation)
    return _within(leaf, round(odds / (1.0 + odds), SHARE_DIGITS))


def _within(leaf: Leaf, value: float) -> float:
    """Return the value, or the end of the trait's range that it lies beyond."""
    assert leaf.low is not None and leaf.high is not None
    return min(max(value, leaf.low), leaf.high)


def _apportioned(leaf: Leaf, centre: int, amounts: Sequence[float]) -> list[int]:
    """Return whole numbers of mean `centre` in proportion to `amounts`, over and above the least that each may have.

    By largest remainders; among equals the first.
    """
    assert leaf.low is not None
    least = int(leaf.low)
    total = (centre - least) * len(amounts)
    whole = math.fsum(amounts)
    quotas = [total * amount / whole if whole else 0.0 for amount in amounts]
    found = [math.floor(quota) for quota in quotas]
    order = sorted(range(len(found)), key=lambda at: (found[at] - quotas[at], at))
    for at in order[: total - sum(found)]:
        found[at] += 1
    return [int(_within(leaf, least + number)) for number in found]
