"""Disputes: quarrels arise at public plots, wait their turn, and cost trust while they are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.household import Household
from oracle.public_plot import Kind, PublicPlot
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.village import Village

MEETING_WEEKS = 4
"""Large disputes are settled, and disputes are felt, in every fourth week."""


def dispute(village: Village, week: int) -> None:
    """Let a week's disputes arise and be settled."""
    for plot in village.public_plots:
        arise(village, plot)
    settle(village, "small", village.public.small_capacity + village.now.village("small_capacity"))
    if week % MEETING_WEEKS == MEETING_WEEKS - 1:
        settle(village, "large", village.public.large_capacity + village.now.village("large_capacity"))
        reckon(village)


def probability(village: Village, plot: PublicPlot) -> float:
    """Return the probability of a dispute at a plot this week."""
    public = village.public
    cluttered = plot.cluttered_yards() / len(plot.yards) if plot.yards else 0.0
    rate = public.dispute_rate * 0.5 * (cluttered + 1.0 - plot.cleanliness)
    return rate * public.dispute_amenity if plot.kind == Kind.AMENITY else rate


def arise(village: Village, plot: PublicPlot) -> None:
    """Draw whether a dispute arises at a plot, whether it is large, and whether a small one is settled at once.

    One draw decides all: below the probability it is uniform below it.
    """
    u, rate = village.luck.draw(draws.DISPUTE, plot.number), probability(village, plot)
    if u >= rate:
        return
    large = village.public.dispute_large
    size = u / rate
    if size < large:
        village.tally["large_arisen"] += 1
        plot.open["large"] += 1
        return
    village.tally["small_arisen"] += 1
    if size < large + (1.0 - large) * village.now.village("detection"):
        village.tally["small_settled"] += 1
    else:
        plot.open["small"] += 1


def settle(village: Village, size: str, capacity: float) -> None:
    """Settle disputes, plot by plot in turn, as far as the capacity goes; only the part of one under way is saved up."""
    village.credit[size] = village.credit[size] % 1.0 + max(0.0, capacity)
    most = int(village.credit[size])
    settled = 0
    for _ in range(len(village.public_plots)):
        if settled >= most:
            break
        plot = village.public_plots[village.next_dispute]
        done = min(most - settled, plot.open[size])
        plot.open[size] -= done
        settled += done
        if size == "large":
            plot.settled_large += done
        village.next_dispute = (village.next_dispute + 1) % len(village.public_plots)
    village.credit[size] -= settled
    village.tally[f"{size}_settled"] += settled


def reckon(village: Village) -> None:
    """Let households feel what became of the disputes at their plot in four weeks."""
    public = village.public
    for plot in village.public_plots:
        plot.trust_lost = public.dispute_trust * min(1.0, plot.open["large"] + public.small_share * plot.open["small"])
        promise = public.promise_trust * min(1.0, plot.settled_large)
        plot.settled_large = 0
        for household in plot.yards:
            feel(household, plot.trust_lost, promise)


def feel(household: Household, lost: float, promise: float) -> None:
    """Let open disputes nearby take trust, and then settled ones give some."""
    kept = household.trust * (1.0 - lost)
    household.trust = kept + promise * household.attachment * (1.0 - kept)
