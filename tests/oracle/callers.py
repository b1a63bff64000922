"""Callers: volunteers, worthies, representatives and cadres from outside go from door to door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa import Agent

from oracle.household import Household
from oracle.programme import choose
from sim.interventions import Outsiders
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.programme import Choice
    from oracle.village import Village

MOST_OUTSIDERS = 2**20
OUTSIDE = 2**31
"""Slots of the draws of callers from outside lie above this."""
MOST_OFFERS = 255


class Caller(Agent):
    """Someone who calls at one door after the other, from the own door on.

    home : the own household; None for who lives elsewhere. door : the number of the door called at last. seconds : time
    carried over. choices : the levers' choices that hold for this caller.
    """

    def __init__(self, village: Village, home: Household | None, door: int, choices: set[int], slot: int) -> None:
        super().__init__(village.model)
        self.village = village
        self.home = home
        self.door = door
        self.choices = choices
        self.slot = slot
        self.seconds = 0

    kind = ""

    @property
    def weight(self) -> float:
        """What a caller's word weighs relative to a member's."""
        return float(getattr(self.village.rule, f"{self.kind}_weight"))

    def hours(self) -> float:
        """Return the hours that levers give the caller this week."""
        return self.village.now.person(f"{self.kind}_time", self.choices)

    def spend_week(self, week: int) -> None:
        """Make the week's calls."""
        seconds = int(3600.0 * self.hours() * self.village.free_share)
        self.village.tally["caller_seconds"] += seconds
        self.go_round(seconds, self.village.visit_seconds, week)

    def go_round(self, seconds: int, call_seconds: int, week: int) -> None:
        """Call at one door after the other while there is time; the own door costs time and is passed by."""
        everyone = self.village.households_by_number
        self.seconds += seconds
        while self.seconds >= call_seconds:
            self.seconds -= call_seconds
            self.door = (self.door + 1) % len(everyone)
            if everyone[self.door] is not self.home:
                self.village.tally["calls"] += 1
                self.call_at(everyone[self.door], week)

    def call_at(self, household: Household, week: int) -> None:
        """Speak of the yard; who lives elsewhere has no yard to be judged by."""
        years = 0 if self.home is None else self.home.party_years
        clean = True if self.home is None else self.home.clean
        household.hear(self.kind, self.weight, years, clean, week)


class Worthy(Caller):
    """A local worthy (乡贤) who advocates."""

    kind = "worthy"


class Representative(Caller):
    """A villagers' or women's representative."""

    kind = "representative"


class Cadre(Caller):
    """A cadre from outside; such visits move trust as a member's do."""

    kind = "cadre"

    def call_at(self, household: Household, week: int) -> None:
        """Speak of the yard; trust follows."""
        clean = True if self.home is None else self.home.clean
        years = 0 if self.home is None else self.home.party_years
        household.hear(self.kind, self.weight, years, clean, week, then_judge=True)


class Volunteer(Caller):
    """A volunteer: standing, recruited by a lever, from outside, or willing to join by itself.

    willing : whether the household may join by itself. joined : whether it has. fatigue : 0..1.
    """

    kind = "volunteer"

    def __init__(self, village: Village, home: Household | None, door: int, choices: set[int], slot: int) -> None:
        super().__init__(village, home, door, choices, slot)
        self.willing = self.joined = False
        self.fatigue = 0.0

    def hours(self) -> float:
        """Return the hours that levers give, and the routine's for who stands by or has joined."""
        hours = super().hours()
        if self.joined or (self.home is not None and self.home.standing):
            hours += self.village.facts.volunteer_hours
        return hours

    def spend_week(self, week: int) -> None:
        """Tire or rest, keep a part of the time for public plots, and call with the rest."""
        public, tally = self.village.public, self.village.tally
        hours = self.hours()
        rested = 1.0 - self.fatigue
        self.tire(busy=hours > 0.0)
        if self.home is not None:
            self.home.volunteering = hours > 0.0
        seconds = int(3600.0 * hours * self.village.free_share * rested)
        for_plots = int(public.cleanup_share * seconds)
        self.village.seconds_for_plots += for_plots
        tally["volunteers"] += hours > 0.0
        tally["volunteer_seconds"] += seconds
        self.go_round(seconds - for_plots, int(3600.0 * public.hands_per_call), week)

    def tire(self, busy: bool) -> None:
        """Let fatigue move towards 1 in an active week and fade in rest."""
        public = self.village.public
        if busy:
            self.fatigue += public.fatigue * (1.0 - self.fatigue)
        else:
            self.fatigue *= public.fatigue_retention

    def call_at(self, household: Household, week: int) -> None:
        """Offer hands for this week, and speak of the yard if levers make volunteers do so."""
        household.volunteers_offers = min(MOST_OFFERS, household.volunteers_offers + 1)
        message = self.village.now.person("volunteer_message", self.choices)
        if message > 0.0 and self.village.luck.draw(draws.CALL_MESSAGE, household.number, self.slot) < message:
            super().call_at(household, week)


KINDS: tuple[type[Caller], ...] = (Volunteer, Worthy, Representative, Cadre)


def find_callers(village: Village, choices: list[Choice]) -> None:
    """List who may call in a village: kind by kind, households in order of number, then who lives elsewhere."""
    for choice in choices:
        choose(village, choice)
    for kind in KINDS:
        callers = {choice.number for choice in choices if kind.kind in choice.calls_as}
        for household in village.households_by_number:
            caller = home_caller(village, kind, household, callers)
            if caller is not None:
                village.callers.add(caller)
        for choice in choices:
            if choice.number in callers and isinstance(choice.who, Outsiders):
                for caller in outside_callers(village, kind, choice, choice.who.count):
                    village.callers.add(caller)


def home_caller(village: Village, kind: type[Caller], household: Household, callers: set[int]) -> Caller | None:
    """Return a household as a caller of a kind; None if it never calls as one."""
    willing = kind is Volunteer and village.luck.once(draws.WILLING, household.number) < village.facts.willing_share
    standing = kind is Volunteer and household.standing
    if not (willing or standing or household.choices & callers):
        return None
    caller = kind(village, household, household.number, household.choices, household.number)
    if isinstance(caller, Volunteer):
        caller.willing = willing and not standing
    return caller


def outside_callers(village: Village, kind: type[Caller], choice: Choice, count: int) -> list[Caller]:
    """Return the callers whom a lever brings in: spread evenly round the village, from a door that its name decides."""
    households = len(village.households_by_number)
    begin = draws.identity(choice.lever)[0]
    number = draws.identity(f"{choice.lever}/{kind.kind}")[1] % (2**31 - MOST_OUTSIDERS)
    return [
        kind(
            village, None, (begin + k * households // count) % households, {choice.number},
            OUTSIDE + 1 + number + k,
        )
        for k in range(count)
    ]  # fmt: skip
