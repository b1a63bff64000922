"""Budgets: decision spaces in which no budget can be overspent at the stated prices, because a mix divides each budget.

Each budget is divided among the interventions that use it and a part that stays unspent. An optimiser chooses one number in
(0, 1) for each; the shares are the negative logarithms of these numbers divided by their sum, so that uniform numbers give
mixes that are uniform on the simplex. The amount of an intervention that costs nothing is chosen freely.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.base.arrays import F64
from sim.base.errors import InputError, nearest

Prices = Mapping[str, float]
EDGE = 1e-6
"""Least distance of the optimiser's numbers from 0 and 1."""

LEAST = 0.01
"""Least share of its greatest amount that an intervention may have; nobody would run a hundredth of a programme."""


@dataclass(frozen=True)
class PricedIntervention:
    """An intervention that a budget buys.

    name : unique. prices : the price of one unit in each resource that has a budget (others are free), >= 0; or a function
    of the settings that returns these prices. most : the greatest amount, > 0.
    """

    name: str
    prices: Prices | Callable[[Mapping[str, float]], Prices] = field(default_factory=dict)
    most: float = 1.0

    def priced(self, settings: Mapping[str, float]) -> Prices:
        """Return the prices of one unit under these settings."""
        return self.prices(settings) if callable(self.prices) else self.prices


@dataclass(frozen=True)
class Setting:
    """A choice other than an amount, without a price of its own, such as the week to begin.

    low <= plain <= high : its range, and its value in mixes that aren't optimised. whole : only whole numbers. ordered :
    whether nearby values are similar; if not, the values are the numbers of alternatives.
    """

    name: str
    low: float
    high: float
    plain: float
    whole: bool = False
    ordered: bool = True


@dataclass(frozen=True)
class DecisionSpace:
    """Interventions and settings under a budget; a point is a row of the interventions' amounts and then the settings' values.

    budget : the limit of each resource, >= 0.
    """

    interventions: tuple[PricedIntervention, ...]
    settings: tuple[Setting, ...]
    budget: Mapping[str, float]

    def __post_init__(self) -> None:
        names = self.names
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"two interventions or settings are called '{name}'")
        if not self.interventions:
            raise InputError("there is no intervention to spend a budget on")
        for resource, limit in self.budget.items():
            if not 0 <= limit < np.inf:
                raise InputError(f"the budget of {resource} must be a number of at least 0, not {limit:g}")
        for setting in self.settings:
            if not setting.low <= setting.plain <= setting.high:
                raise InputError(f"{setting.name}: {setting.plain:g} is outside {setting.low:g} to {setting.high:g}")

    @property
    def names(self) -> list[str]:
        """The columns of a point."""
        return [*(each.name for each in self.interventions), *(setting.name for setting in self.settings)]

    @property
    def plain(self) -> dict[str, float]:
        """The settings' values in mixes that aren't optimised."""
        return {setting.name: float(setting.plain) for setting in self.settings}

    def resource_of(self, intervention: PricedIntervention, prices: Prices) -> str | None:
        """Return the resource whose budget an intervention would use up first; None if it costs nothing."""
        weights = {
            resource: price / self.budget[resource] if self.budget[resource] > 0 else np.inf
            for resource, price in prices.items()
            if price > 0 and resource in self.budget
        }
        return max(weights, key=lambda resource: weights[resource], default=None)

    def divided(self, shares: Mapping[str, float], settings: Mapping[str, float]) -> F64:
        """Return the point at which each intervention has this share of its first resource (if free, of its greatest amount).

        Money that an intervention at its greatest amount can't use goes to the others in proportion to their shares. If the
        interventions together would overspend a second resource, all that use it shrink in proportion.
        """
        prices = [each.priced(settings) for each in self.interventions]
        first = [self.resource_of(each, price) for each, price in zip(self.interventions, prices, strict=True)]
        wanted = np.array([shares.get(each.name, 0.0) for each in self.interventions])
        amounts = wanted * [each.most for each in self.interventions]
        for resource, limit in self.budget.items():
            users = [k for k, drawn in enumerate(first) if drawn == resource]
            costs = np.array([prices[k][resource] for k in users])
            whole = np.array([self.interventions[k].most for k in users]) * costs
            amounts[users] = poured(wanted[users] * limit, whole) / costs
        amounts = np.minimum(amounts, [each.most for each in self.interventions])  # for the last bit of a division
        for resource, limit in self.budget.items():
            costs = np.array([price.get(resource, 0.0) for price in prices])
            if (spent := float(costs @ amounts)) > limit:
                amounts[costs > 0] *= limit / spent
        return np.array([*amounts, *(settings[setting.name] for setting in self.settings)])

    def unspent(self, resource: str) -> str:
        """Return the name of the optimiser's number for the unspent part of a budget."""
        return f"unspent {resource}"

    def point(self, numbers: Mapping[str, float]) -> F64:
        """Return the point for an optimiser's numbers (for interventions and unspent parts) and the settings' values.

        An intervention that would have less than `LEAST` of its greatest amount is left out.
        """
        settings = {setting.name: float(numbers[setting.name]) for setting in self.settings}
        resources = {each.name: self.resource_of(each, each.priced(settings)) for each in self.interventions}
        weights = {
            name: -np.log(numbers[name]) for name in [*resources, *(self.unspent(resource) for resource in self.budget)]
        }
        totals = {
            resource: weights[self.unspent(resource)] + sum(weights[n] for n, r in resources.items() if r == resource)
            for resource in self.budget
        }
        shares = {
            name: numbers[name] if resource is None else weights[name] / totals[resource]
            for name, resource in resources.items()
        }
        point = self.divided(shares, settings)
        amounts = point[: len(self.interventions)]  # a view
        amounts[amounts < LEAST * np.array([each.most for each in self.interventions])] = 0.0
        return point

    def numbers(self, shares: Mapping[str, float]) -> dict[str, float]:
        """Return the optimiser's numbers for these shares of each budget, with plain settings and no unspent part."""
        resources = {each.name: self.resource_of(each, each.priced(self.plain)) for each in self.interventions}
        numbers_: dict[str, float] = {self.unspent(resource): 1.0 - EDGE for resource in self.budget}
        for name, resource in resources.items():
            share = shares.get(name, 0.0)
            numbers_[name] = float(np.clip(share if resource is None else np.exp(-10.0 * share), EDGE, 1.0 - EDGE))
        return numbers_ | self.plain

    def plain_shares(self) -> dict[str, dict[str, float]]:
        """Return the mixes that don't need a search, by name: nothing, all on one intervention, and an equal split.

        All on one intervention also leaves out those that cost nothing; the equal split has them in full.
        """
        resources = {each.name: self.resource_of(each, each.priced(self.plain)) for each in self.interventions}
        sharing = list(resources.values())
        equal = {name: 1.0 if r is None else 1.0 / sharing.count(r) for name, r in resources.items()}
        alone = {f"all on {each.name}": {each.name: 1.0} for each in self.interventions}
        return {"nothing": {}, **alone, **({"equal split": equal} if len(self.interventions) > 1 else {})}


def poured(wanted: F64, room: F64) -> F64:
    """Divide the sum of `wanted` among vessels: each gets what it wants, and any overflow goes to the others in proportion.

    wanted, room : wanted and greatest amounts, >= 0, shape (vessels,). A vessel that wants nothing gets nothing.
    """
    got, rest = np.zeros(len(wanted)), float(wanted.sum())
    open_ = wanted > 0
    while open_.any():
        parts = np.zeros(len(wanted))
        parts[open_] = rest * (wanted[open_] / wanted[open_].sum())
        full = open_ & (parts >= room)
        if not full.any():
            return got + parts
        got[full] = room[full]
        rest -= float(room[full].sum())
        open_ &= ~full
    return got


def check_names(wanted: Sequence[str], known: Sequence[str], what: str) -> None:
    """Raise InputError, with the nearest name, for a name that isn't known."""
    for name in wanted:
        if name not in known:
            raise InputError(f"unknown {what} '{name}'{nearest(name, known)}")
