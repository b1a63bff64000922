"""Neighbourhood (kaifong) association (the 1258 model): a body of neighbours that ties newcomers to locals.

Each newcomer makes ties to locals, so that example and talk reach newcomers too (P9), and feels more at home every week. The
association settles small disputes in addition to those that the committee settles, deals with a share of them at once in the
weeks in which it gathers needs (S37), and gives the willing a body to join as volunteers (S39, S61). The ties remain when
the intervention stops. The documents call it a bridge between residents and community (S61) and don't say what it does for
newcomers. Left out: large matters (see council), its articles (章程), its eight services one by one (S116), its own disputes.
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class NeighbourhoodAssociation(Intervention):
    """Found an association of locals and newcomers."""

    summary: ClassVar[str] = "an association ties newcomers to locals, settles small disputes and gathers volunteers"
    chinese: ClassVar[tuple[str, ...]] = ("街坊会",)

    kind: Literal["neighbourhood_association"]
    who: Who = word(
        "the households that come to feel at home", default=Who(group="newcomer"),
        evidence="assumption: newcomers are those who feel little belonging (S84)",
    )  # fmt: skip
    bonds: float = number(
        "ties to locals that each newcomer makes, on average", unit="ties", low=0, high=10, default=2.0,
        evidence="assumption: half of the difference between a newcomer's ties and a local's; no document counts them",
    )  # fmt: skip
    belonging: float = number(
        "share of the way to full attachment that each of them moves in a week", unit="1/week", low=0, high=1,
        default=0.01, evidence="assumption: half of the way in 69 weeks; P9 gives a direction",
    )  # fmt: skip
    small_capacity: float = number(
        "small disputes that it settles, in addition to the committee's", unit="disputes/week", low=0, high=1000,
        default=1.0, evidence="assumption: as many as the committee; S37 says that small matters stay with it",
    )  # fmt: skip
    gathered: float = number(
        "share of the small disputes arising in a week of gathering needs that it settles at once", unit="1", low=0,
        high=1, default=0.5, evidence="assumption: half of them; S37 gives the rhythm but no share",
    )  # fmt: skip
    gather_every: int = number(
        "weeks from one gathering of needs to the next", unit="weeks", low=1, high=520, default=4,
        evidence="assumption: S37 reports a monthly gathering (S37.weeks_between), in whole weeks",
    )  # fmt: skip
    recruitment: float = number(
        "pace at which the willing join the volunteers, as a multiple of the routine pace", unit="1", low=0, high=100,
        default=2.0, evidence="assumption: twice the pace once there is a body to join; S39 and S61 give no pace",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("bonds", self.bonds),
            Effect("belonging", self.belonging, self.who),
            Effect("small_capacity", self.small_capacity),
            Effect("detection", self.gathered, every=self.gather_every),
            Effect("recruitment", self.recruitment - 1.0),
        )
