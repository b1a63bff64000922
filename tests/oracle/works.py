"""Works and public plots: volunteers clear them, money turns them into amenities, cluttered yards spoil them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.public_plot import Kind, PublicPlot
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.village import Village


def clean_public_plots(village: Village) -> None:
    """Let volunteers, then property companies and others, clear public plots."""
    if village.seconds_for_plots > 0:
        hours = clear_in_turn(village, village.seconds_for_plots / 3600.0)
        village.tally["plot_seconds"] += int(3600.0 * hours)
    if village.now.village("plot_time") > 0.0:
        hours = clear_in_turn(village, village.now.village("plot_time"))
        village.tally["upkeep_seconds"] += int(3600.0 * hours)


def clear_in_turn(village: Village, hours: float) -> float:
    """Clear neglected plots in turn, once round at most; return the hours used. A plot left half done is the next."""
    whole = village.public.plot_hours
    left = hours
    for _ in range(len(village.public_plots)):
        if left <= 0.0:
            break
        plot = village.public_plots[village.next_plot]
        if plot.is_neglected:
            needed = (1.0 - plot.cleanliness) * whole
            if needed > left:
                plot.cleanliness += left / whole
                return hours
            plot.cleanliness = 1.0
            left -= needed
        village.next_plot = (village.next_plot + 1) % len(village.public_plots)
    return hours - left


def start_works(village: Village) -> None:
    """Make the dirtiest neglected plot a building site while a fund can pay; public money goes before gifts."""
    price = int(100.0 * village.public.work_yuan + 0.5)
    while village.fund["budget"] >= price or village.fund["works"] >= price:
        neglected = [plot for plot in village.public_plots if plot.is_neglected]
        if not neglected:
            return
        village.spend("budget" if village.fund["budget"] >= price else "works", price)
        dirtiest = min(neglected, key=lambda plot: plot.cleanliness)
        dirtiest.kind = Kind.WORKS
        dirtiest.weeks_left = village.public.work_weeks


def change_public_plots(village: Village) -> None:
    """Let a week pass over every public plot."""
    for plot in village.public_plots:
        if plot.kind == Kind.WORKS:
            build(village, plot)
        else:
            drift(village, plot)


def build(village: Village, plot: PublicPlot) -> None:
    """Go on building; what is finished is an amenity and spotless."""
    plot.weeks_left -= 1
    if plot.weeks_left <= 0:
        plot.kind = Kind.AMENITY
        plot.cleanliness = 1.0
        village.tally["works_finished"] += 1


def drift(village: Village, plot: PublicPlot) -> None:
    """Let a plot's cleanliness move a share of the way to that of its surroundings; an amenity may fall back."""
    public = village.public
    around = 1.0 - plot.cluttered_yards() / len(plot.yards) if plot.yards else 1.0
    if plot.kind == Kind.AMENITY:
        around = max(around, public.amenity_floor)
        if village.luck.draw(draws.RELAPSE, plot.number) < public.amenity_relapse:
            plot.kind = Kind.BLACK_SPOT
    elif plot.kind == Kind.IDLE:
        around *= public.idle_breeds
    kept_away = min(1.0, max(0.0, village.now.village("dumping")))
    around = 1.0 - (1.0 - around) * (1.0 - kept_away)
    plot.cleanliness += public.plot_drift * (around - plot.cleanliness)
