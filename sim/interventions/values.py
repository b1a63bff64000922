"""The named values that interventions change and mechanisms read, and the uses of money.

A mechanism asks for a value's row by name (`sim.engine.programme.named_value`), so a new value needs only one line here.
"""

from dataclasses import dataclass

from sim.base.declared import Declared


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value to which interventions add; it is 0 without any.

    row : its row in the programme's tables. of : the kind of person, household or village that it belongs to.
    """

    row: int
    name: str
    of: str
    meaning: str


_DECLARED = (
    ("contact_time", "member", "time for household visits, as a share of routine time, added to 1"),
    ("message", "member", "probability that a member's visit speaks of the yard, added to the routine share"),
    ("unwilling_first", "member", "share of members who visit the least willing of their list first"),
    ("example", "household", "share of the chosen who keep their own yard clear"),
    ("volunteer_time", "volunteer", "hours a week given to volunteering, added to the household's own"),
    ("volunteer_message", "volunteer", "probability that a volunteer's call speaks of the yard"),
    ("transparency", "village", "share of gifts that the village sees announced and accounted for"),
    ("served", "household", "above 0 for households that paid help and awards may reach"),
    ("match", "village", "yuan that donors add to each yuan that households give to public works"),
    ("list_time", "floating member", "share of a member's routine time that a helper gives to the list it helps with"),
    ("skill", "member", "share added to the effect of a member's visit"),
    ("courage", "village", "share of the fear of meeting villagers that is taken away"),
    ("other_tasks", "village", "share of members' and volunteers' hours lost to other tasks; below 0 for relief"),
    ("worthy_time", "worthy", "hours a week of calls about the yard"),
    ("representative_time", "representative", "hours a week of calls about the yard"),
    ("cadre_time", "cadre from outside", "hours a week of calls about the yard"),
    ("recruitment", "village", "multiple of the routine pace at which willing households join the volunteers, added to 1"),
    ("praise", "village", "praise of worthies, added to its stock in the week"),
    ("plaques", "village", "plaques a week for clean yards, without money"),
    ("points", "village", "reward for a clean yard, on the scale of a fresh award"),
    ("member_points", "village", "share of organisers' fatigue that points for members take away"),
    ("reassurance", "household", "share of the way to full trust that a household moves in a week"),
    ("belonging", "household", "share of the way to full attachment that a household moves in a week"),
    ("bonds", "village", "ties to locals that each newcomer makes in the association"),
    ("small_capacity", "village", "small disputes settled in a week, in addition to the committee's own"),
    ("large_capacity", "village", "large disputes settled in four weeks, in addition to the committee's own"),
    ("detection", "village", "share of small disputes that are seen and settled at once"),
    ("plot_time", "village", "hours a week in which people other than volunteers clear public plots"),
    ("dumping", "village", "share of the rubbish that would litter public plots that is kept away"),
    ("charter_vote", "village", "above 0 in weeks in which the village votes on its charter"),
    ("charter_quorum", "village", "share of households that must vote for it"),
    ("charter_weight", "village", "added to the weight of clean yards in sight once the charter holds"),
    ("contractor_time", "village", "hours a week in which contractors clear yards instead of their households"),
    ("consent_burden", "village", "score that a household needs in order to consent to the plan as drawn"),
    ("consent_quorum", "village", "share of households whose consent the plan needs"),
    ("redesign", "village", "share of the plan's burden that redrawing removes in a week"),
    ("review", "village", "share of organisers' lost effort that the week restores"),
    ("meeting", "village", "effort added in the week, even above the routine level"),
    ("ranking", "village", "effort that a ranking of branches adds to the last village relative to the first in a week"),
)  # fmt: skip
NAMED_VALUES: Declared[NamedValue] = Declared("named value")
"""All named values; a new one is a line at the end of those above."""
for _row, _named in enumerate(_DECLARED):
    NAMED_VALUES.add(NamedValue(_row, *_named))
NAMED_VALUES.close()

GIFT_USES: tuple[str, ...] = ("works", "hauling", "awards", "charity", "budget")
"""Uses of money. All but the last are gifts, which villagers may recognise; the budget is public money for works."""
