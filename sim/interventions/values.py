"""The named values: what interventions move and mechanisms read, and what money is for.

A mechanism asks for a value's row by name (`sim.engine.programme.named_value`), so a new value is one line here.
"""

from dataclasses import dataclass

from sim.base.declared import Declared


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value that interventions add to, 0 without any. row : in the programme's tables; of : whose it is."""

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
    ("served", "household", "above 0 where paid hands and awards may reach"),
    ("match", "village", "yuan that donors add to each yuan that households give to public works"),
    ("list_time", "floating member", "share of a member's routine time that a helper gives to the list it helps with"),
    ("skill", "member", "share added to what a member's visit does"),
    ("courage", "village", "share of the fear of meeting villagers that is taken away"),
    ("other_tasks", "village", "share of members' and volunteers' hours lost to other tasks; below 0 for relief"),
    ("worthy_time", "worthy", "hours a week of calls about the yard"),
    ("representative_time", "representative", "hours a week of calls about the yard"),
    ("cadre_time", "cadre from outside", "hours a week of calls about the yard"),
    ("recruitment", "village", "multiple of the routine pace at which willing households join the volunteers, added to 1"),
    ("praise", "village", "praise of worthies that the week adds to its stock"),
    ("plaques", "village", "plaques a week for clean yards, without money"),
    ("points", "village", "reward for a clean yard, on the scale of a fresh award"),
    ("member_points", "village", "share of organisers' fatigue that points for members take away"),
    ("reassurance", "household", "share of the way to full trust that a household moves in a week"),
    ("belonging", "household", "share of the way to full attachment that a household moves in a week"),
    ("bonds", "village", "ties to locals that each newcomer makes in the association"),
    ("small_capacity", "village", "small disputes that are settled in a week, besides the committee's own"),
    ("large_capacity", "village", "large disputes that are settled in four weeks, besides the committee's own"),
    ("detection", "village", "share of small disputes that are seen and settled at once"),
    ("plot_time", "village", "hours a week in which others than volunteers clear public plots"),
    ("dumping", "village", "share of what would litter public plots that is kept away"),
    ("charter_vote", "village", "above 0 in weeks in which the village votes on its charter"),
    ("charter_quorum", "village", "share of households that must vote for it"),
    ("charter_weight", "village", "added to the weight of clean yards in sight once the charter holds"),
    ("contractor_time", "village", "hours a week in which contractors clear yards instead of their households"),
    ("consent_burden", "village", "score that a household needs in order to consent to the plan as drawn"),
    ("consent_quorum", "village", "share of households whose consent the plan needs"),
    ("redesign", "village", "share of the plan's burden that redrawing takes away in a week"),
    ("review", "village", "share of organisers' lost effort that the week restores"),
    ("meeting", "village", "effort that the week adds, even beyond the routine's"),
    ("ranking", "village", "effort by which a published ranking moves the last village against the first in a week"),
)  # fmt: skip
NAMED_VALUES: Declared[NamedValue] = Declared("named value")
"""All named values; a new one is a line at the end of those above."""
for _row, _named in enumerate(_DECLARED):
    NAMED_VALUES.add(NamedValue(_row, *_named))
NAMED_VALUES.close()

GIFT_USES: tuple[str, ...] = ("works", "hauling", "awards", "charity", "budget")
"""What money is for. All but the last are gifts and may be recognised; the budget is public money for works."""
