"""The blocks of a scenario: villages, the households' rule, interventions. Every number has a meaning, unit and range.

``scenarios/base.yaml`` has the values, each with its evidence; this file only defines what is allowed.
"""

from typing import Self

from pydantic import PrivateAttr, SerializeAsAny, model_validator

from sim.base.fields import Frozen, number, word
from sim.base.showing import html_table, shortened
from sim.interventions import Intervention


class Plan(Frozen):
    """The grid of plots: yards, public plots and lanes."""

    sight: int = number("Moore radius within which a yard is seen", unit="plots", low=1, high=3)
    lane_rows: int = number("rows from one lane to the next; 0 for no lanes", unit="rows", low=0, high=1000)
    lane_columns: int = number("columns from one lane to the next; 0 for no lanes", unit="columns", low=0, high=1000)
    households_per_public_plot: int = number("households for each public plot", unit="households", low=2, high=100_000)
    public_cleanliness: float = number("cleanliness of public plots at the start", unit="1", low=0, high=1)
    idle_share: float = number("share of public plots that are idle land", unit="1", low=0, high=1)


class Ties(Frozen):
    """Kin and chat-group ties."""

    local: int = number("ties that a local household proposes", unit="ties", low=0, high=50)
    newcomer: int = number("ties that a newcomer household proposes", unit="ties", low=0, high=50)
    across: float = number("probability that a tie proposed between local and newcomer forms", unit="1", low=0, high=1)


class Contact(Frozen):
    """Routine household visits by list (户联系), as recorded at full activity."""

    contacts_per_member_year: float = number("persons met by a member in the period", unit="persons", low=0, high=10000)
    period_weeks: float = number("weeks in the period", unit="weeks", low=1, high=53)
    persons_per_visit: float = number("persons met on a visit", unit="persons", low=0.5, high=10)
    minutes_per_visit: float = number("a member's time for a visit, including the way", unit="minutes", low=1, high=600)
    message: float = number("share of routine visits that speak of the yard", unit="1", low=0, high=1)
    fear: float = number(
        "share of messages that members leave unsaid for fear of meeting villagers", unit="1", low=0, high=1
    )


class Village(Frozen):
    """A village, or a housing compound: its people, plan, ties, routine contact and public life."""

    name: str = word("unique name; draws are keyed by it", default="village", evidence="assumption: label")
    households: int = number("households", unit="households", low=10, high=5_000_000)
    newcomer_share: float = number("probability that a household is a newcomer's", unit="1", low=0, high=1)
    party_members: int = number(
        "households of party members, each with a list", unit="households", low=1, high=1_000_000
    )
    worthies: int = number("households of local worthies (乡贤)", unit="households", low=0, high=100_000)
    volunteers: int = number("standing volunteers", unit="households", low=0, high=1_000_000)
    volunteer_hours: float = number("hours a week of a volunteer", unit="hours/week", low=0, high=40)
    willing_share: float = number(
        "share of households that may join the volunteers without being recruited", unit="1", low=0, high=1
    )
    representatives: int = number(
        "households of villagers' and women's representatives", unit="households", low=0, high=100_000
    )
    floating_members: int = number(
        "households of party members without a branch or a list", unit="households", low=0, high=100_000
    )
    youth_share: float = number("share of households with returning youth", unit="1", low=0, high=1)
    predisposition_shift: float = number("added to every household's predisposition", unit="logit", low=-10, high=10)
    heterogeneity: float = number(
        "standard deviation between villages of the mean predisposition",
        unit="logit",
        low=0,
        high=5,
        symbol="sigma_village",
    )
    plan: Plan
    ties: Ties
    contact: Contact

    @model_validator(mode="after")
    def _people_are_households(self) -> Self:
        for role in ("party_members", "worthies", "volunteers", "representatives"):
            if getattr(self, role) > self.households:
                raise ValueError(
                    f"{role} is {getattr(self, role):,}, but there are only {self.households:,} households"
                )
        if self.party_members + self.floating_members > self.households:
            raise ValueError(
                f"party_members + floating_members is {self.party_members + self.floating_members:,}, but there are only "
                f"{self.households:,} households, and a household is one or the other"
            )
        return self


class PlanSpread(Frozen):
    """How the plans of villages differ."""

    households_per_public_plot: float = number(
        "standard deviation of its logarithm between villages", unit="log", low=0, high=2, default=0.0,
        evidence="assumption: the same everywhere unless said",
    )  # fmt: skip
    public_cleanliness: float = number(
        "standard deviation of its logit between villages", unit="logit", low=0, high=3, default=0.0,
        evidence="assumption: the same everywhere unless said",
    )  # fmt: skip
    idle_share: float = number(
        "standard deviation of its logit between villages", unit="logit", low=0, high=3, default=0.0,
        evidence="assumption: the same everywhere unless said",
    )  # fmt: skip


class Spread(Frozen):
    """How villages that are copies of one differ; each key is that of the village's trait (P15).

    Numbers are log-normal and keep their mean, shares are normal on the logit scale and keep their median, and both stay
    within the trait's range. The number of households is drawn first; people in roles are in proportion to it.
    """

    households: float = number(
        "standard deviation of its logarithm between villages", unit="log", low=0, high=2, default=0.0,
        evidence="assumption: the same everywhere unless said",
    )  # fmt: skip
    newcomer_share: float = number(
        "standard deviation of its logit between villages", unit="logit", low=0, high=3, default=0.0,
        evidence="assumption: the same everywhere unless said",
    )  # fmt: skip
    party_members: float = number(
        "standard deviation of its logarithm between villages, over and above that of households", unit="log", low=0,
        high=2, default=0.0, evidence="assumption: no other difference than that of size unless said",
    )  # fmt: skip
    worthies: float = number(
        "standard deviation of its logarithm between villages, over and above that of households", unit="log", low=0,
        high=2, default=0.0, evidence="assumption: no other difference than that of size unless said",
    )  # fmt: skip
    volunteers: float = number(
        "standard deviation of its logarithm between villages, over and above that of households", unit="log", low=0,
        high=2, default=0.0, evidence="assumption: no other difference than that of size unless said",
    )  # fmt: skip
    people_by_size: bool = word(
        "whether members, worthies and volunteers are in proportion to households", default=True,
        evidence="assumption: twice the households, twice the members",
    )  # fmt: skip
    keep_totals: bool = word(
        "whether the copies together have as many households and people in roles as if all were average;"
        " sizes then depend on the number of copies", default=False,
        evidence="assumption: a village doesn't depend on the number of the others",
    )  # fmt: skip
    plan: PlanSpread = word(
        "how plans differ", default=PlanSpread(), evidence="assumption: the same everywhere unless said"
    )


class Household(Frozen):
    """How a household decides, is persuaded, learns, and keeps its yard. Symbols as in the model's equations."""

    predisposition: float = number("mean predisposition of locals", unit="logit", low=-15, high=15, symbol="mu")
    newcomer_gap: float = number("added to it for newcomers", unit="logit", low=-10, high=10, symbol="delta")
    member_bonus: float = number("added to it for party members", unit="logit", low=-10, high=10)
    predisposition_sd: float = number(
        "standard deviation between households", unit="logit", low=0, high=10, symbol="sigma_eps"
    )
    neighbours: float = number("weight of clean yards in sight", unit="logit", low=0, high=20, symbol="b_N")
    kin: float = number("weight of adopted ties, first step only", unit="logit", low=0, high=20, symbol="b_K")
    surroundings: float = number("weight of public cleanliness nearby", unit="logit", low=0, high=20, symbol="b_E")
    trust: float = number("weight of trust in the organisation", unit="logit", low=0, high=20, symbol="b_T")
    effort: float = number("weight of 10 hours of own clearing", unit="logit", low=0, high=20, symbol="b_C")
    giving: float = number("weight of recognised giving", unit="logit", low=0, high=20, symbol="b_D")
    passivity: float = number("weight of clearing done by others instead", unit="logit", low=0, high=20, symbol="b_X")
    awards: float = number("weight of awards received", unit="logit", low=0, high=20, symbol="b_R")
    climb_rate: float = number("greatest weekly probability of a climb", unit="1/week", low=0, high=1, symbol="r_u")
    slip_rate: float = number("greatest weekly probability of a slip", unit="1/week", low=0, high=1, symbol="r_d")
    threshold_help: float = number(
        "score at which a pushed household climbs to helping with half the greatest probability", unit="logit",
        low=-20, high=20, symbol="theta_1",
    )  # fmt: skip
    threshold_initiate: float = number(
        "score at which a helping household climbs to self-initiated with half the greatest probability", unit="logit",
        low=-20, high=20, symbol="theta_2",
    )  # fmt: skip
    habit: float = number("hold of habit against slips", unit="logit", low=0, high=20, symbol="eta")
    habit_growth: float = number("weekly growth of habit while adopted", unit="1/week", low=0, high=1)
    habit_retention: float = number("weekly retention of habit otherwise", unit="1/week", low=0, high=1)
    persuasion: float = number("gain from a full visit", unit="logit", low=0, high=10, symbol="beta_p")
    own_yard: float = number(
        "share of the gain lost when the messenger's own yard is cluttered", unit="1", low=0, high=1, symbol="phi"
    )
    repeat: float = number(
        "share of the gain left when the same kind of messenger came within half a year", unit="1", low=0, high=1
    )
    authority: float = number("gain in authority for ten years in the party", unit="1/decade", low=0, high=5)
    volunteer_weight: float = number(
        "persuasion by a volunteer relative to a member", unit="1", low=0, high=10, symbol="w_role"
    )
    talk_weight: float = number(
        "persuasion by a self-initiated neighbour or tie relative to a member",
        unit="1",
        low=0,
        high=10,
        symbol="w_role",
    )
    worthy_weight: float = number(
        "persuasion by a worthy relative to a member", unit="1", low=0, high=10, symbol="w_role"
    )
    representative_weight: float = number(
        "persuasion by a representative relative to a member", unit="1", low=0, high=10, symbol="w_role"
    )
    cadre_weight: float = number(
        "persuasion by a cadre from outside relative to a member", unit="1", low=0, high=10, symbol="w_role"
    )
    talk: float = number(
        "weekly probability that a self-initiated household talks with one of its neighbours and ties",
        unit="1/week", low=0, high=1,
    )  # fmt: skip
    persuasion_retention: float = number(
        "weekly retention of persuasion", unit="1/week", low=0, high=1, symbol="lambda"
    )
    persuasion_cap: float = number("greatest stock of persuasion", unit="logit", low=0, high=50, symbol="M_max")
    trust_start: float = number("trust at the start", unit="1", low=0, high=1)
    trust_spread: float = number("half width of its uniform spread", unit="1", low=0, high=0.5)
    trust_step: float = number(
        "share of the way, up or down, that a visit about the yard moves trust",
        unit="1",
        low=0,
        high=1,
        symbol="delta_T",
    )
    attachment_local: float = number(
        "attachment of locals; scales learning of trust and habit", unit="1", low=0, high=1, symbol="B"
    )
    attachment_newcomer: float = number("attachment of newcomers", unit="1", low=0, high=1, symbol="B")
    clutter_start: float = number("mean clutter at the start", unit="hours", low=0, high=1000, symbol="C")
    clutter_growth: float = number("clutter that gathers in a week", unit="hours/week", low=0, high=100)
    clutter_cap: float = number("clutter at which a yard is full", unit="hours", low=0.1, high=1000)
    clean_below: float = number("a yard is clean while its clutter is at most this", unit="hours", low=0, high=1000)
    tidy_members: float = number("share of members whose yard is clear at the start", unit="1", low=0, high=1)
    work_pushed: float = number("own clearing while pushed", unit="hours/week", low=0, high=100)
    work_helping: float = number("own clearing while helping", unit="hours/week", low=0, high=100)
    work_initiated: float = number("own clearing while self-initiated", unit="hours/week", low=0, high=100)
    passivity_step: float = number(
        "share of the way to full passivity moved in a week in which others do all the clearing",
        unit="1",
        low=0,
        high=1,
    )
    passivity_retention: float = number("weekly retention of passivity", unit="1/week", low=0, high=1)
    give_probability: float = number(
        "probability that an adopted household gives to public works when asked, once a quarter",
        unit="1/quarter",
        low=0,
        high=1,
    )
    match_response: float = number(
        "share by which that probability grows while gifts are matched", unit="1", low=0, high=10
    )
    give_yuan: float = number("amount that it gives", unit="yuan", low=0, high=1e6)
    award_retention: float = number("weekly retention of an award's glow", unit="1/week", low=0, high=1)

    @model_validator(mode="after")
    def _one_draw_decides_both(self) -> Self:
        if self.climb_rate + self.slip_rate > 1:
            raise ValueError(
                f"climb_rate + slip_rate is {self.climb_rate + self.slip_rate:g}, but may be at most 1, because one draw "
                "decides both"
            )
        if self.clean_below >= self.clutter_cap:
            raise ValueError("clean_below must be less than clutter_cap, or no yard could be cluttered")
        return self


class Public(Frozen):
    """Helping hands, public plots and money."""

    hands_per_call: float = number("help that a volunteer offers on a call", unit="hours", low=0.01, high=100)
    cleanup_share: float = number("share of volunteers' time for public plots", unit="1", low=0, high=1)
    fatigue: float = number("share of the way to exhaustion in an active week", unit="1/week", low=0, high=1)
    fatigue_retention: float = number("weekly retention of fatigue in rest", unit="1/week", low=0, high=1)
    plot_hours: float = number("hours that clear a public plot fully", unit="hours", low=0.1, high=1e5)
    plot_drift: float = number(
        "share of the way a public plot moves to its surroundings in a week", unit="1/week", low=0, high=1
    )
    idle_breeds: float = number("cleanliness of idle land relative to its surroundings", unit="1", low=0, high=1)
    amenity_floor: float = number("least cleanliness of an amenity", unit="1", low=0, high=1)
    amenity_relapse: float = number("weekly probability that an amenity falls back", unit="1/week", low=0, high=1)
    work_yuan: float = number("price of turning a public plot into an amenity", unit="yuan", low=1, high=1e9)
    work_weeks: int = number("duration of that work", unit="weeks", low=1, high=520)
    wage_yuan: float = number("price of an hour of paid help, including hauling", unit="yuan/hour", low=0.1, high=1e5)
    paid_hours: float = number("hours of paid help offered to a household in a week", unit="hours", low=0.1, high=100)
    award_yuan: float = number("price of an award to a household", unit="yuan", low=0.1, high=1e6)
    recognition_half: float = number(
        "recognised giving per household at which its effect is half of the greatest", unit="yuan", low=0.1, high=1e9
    )
    recognition_retention: float = number("weekly retention of recognised giving", unit="1/week", low=0, high=1)
    join_rate: float = number(
        "weekly probability that a willing, self-initiated household joins the volunteers", unit="1/week", low=0, high=1
    )
    leave_rate: float = number(
        "weekly probability that an exhausted volunteer who had joined leaves", unit="1/week", low=0, high=1
    )
    worthy_gives: float = number(
        "probability that a worthy gives to public works when asked, once a quarter", unit="1/quarter", low=0, high=1
    )
    worthy_yuan: float = number("amount that a worthy gives", unit="yuan", low=0, high=1e9)
    praise_response: float = number(
        "added to that probability for each unit of the stock of praise", unit="1/quarter", low=0, high=1
    )
    praise_retention: float = number("weekly retention of praise", unit="1/week", low=0, high=1)
    dispute_rate: float = number(
        "weekly probability of a dispute at a public plot that is full of rubbish, among cluttered yards",
        unit="1/week", low=0, high=1,
    )  # fmt: skip
    dispute_large: float = number("share of disputes that are large", unit="1", low=0, high=1)
    dispute_amenity: float = number("disputes at an amenity relative to another plot", unit="1", low=0, high=1)
    small_capacity: float = number(
        "small disputes that the village committee settles in a week", unit="disputes/week", low=0, high=1000
    )
    large_capacity: float = number(
        "large disputes that it settles in four weeks", unit="disputes/4 weeks", low=0, high=1000
    )
    dispute_trust: float = number(
        "share of trust that an open large dispute at the nearest public plot takes in four weeks", unit="1/4 weeks",
        low=0, high=1,
    )  # fmt: skip
    small_share: float = number("trust that a small dispute takes, relative to a large one", unit="1", low=0, high=1)
    promise_trust: float = number(
        "share of the way to full trust after a kept promise: a large dispute settled nearby, a plan agreed", unit="1",
        low=0, high=1,
    )  # fmt: skip
    effort_loss: float = number(
        "share of organisers' effort lost in a week of campaigning", unit="1/week", low=0, high=1
    )
    effort_recovery: float = number(
        "share of the way back to full effort in a week without a campaign", unit="1/week", low=0, high=1
    )


class Scenario(Frozen):
    """A resolved scenario: plain numbers, nothing left to look up."""

    title: str = word("what the scenario is about, in one line")
    weeks: int = number("weeks simulated", unit="weeks", low=1, high=5200)
    villages: tuple[Village, ...] = word("the villages of the world")
    household: Household
    public: Public
    interventions: tuple[SerializeAsAny[Intervention], ...] = word(
        "the interventions", default=(), evidence="assumption: no programme"
    )

    # Where each value comes from (`sim.scenario.provenance`); not part of equality, hash or the canonical form.
    _origin: object = PrivateAttr(default=None)

    def __repr__(self) -> str:
        """Return what the scenario is, a line each."""
        return "\n".join([self._heading(), *(shortened(f"  {name}: {value}") for name, value in self._summary())])

    def _repr_html_(self) -> str:
        """Return the same as a table, for notebooks."""
        return html_table(self._heading(), ("", ""), self._summary())

    def _heading(self) -> str:
        return shortened(f"Scenario: {self.title}")

    def _summary(self) -> list[tuple[str, str]]:
        households = sum(village.households for village in self.villages)
        return [
            ("weeks", f"{self.weeks}"),
            ("villages", f"{len(self.villages):,}"),
            ("households", f"{households:,}"),
            ("interventions", ", ".join(one.name for one in self.interventions) or "none"),
        ]
