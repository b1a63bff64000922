"""Invitations: households that act of their own accord ask a neighbour in, and the neighbour's trust grows a little.

A mechanism in plain Python over Mesa's agents. It is a function of the model, called once a week, after the engine's
week and after the mechanisms before it in the list. Agents are views of the columns: reading `agent.trust` reads what
the engine wrote this week, setting it is what the engine finds next week. Run the file to see it at work.
"""

from __future__ import annotations

from sim import MobilizationModel

GAIN = 0.1
"""Share of the way to full trust that a visit moves a neighbour; assumption, for a try."""


def invite(model: MobilizationModel) -> None:
    """Let every self-initiated household ask one of the yards in sight in, with a chance of one in two."""
    hosts = model.agents.select(lambda household: household.rung == 3)
    for host in hosts:
        # Draws by name keep pairs of runs comparable: the same household meets the same luck in both, whatever else
        # is drawn. One name a decision, since asking again in a week gives the same number.
        if model.uniform(host, "invites") >= 0.5:
            continue
        neighbours = list(host.in_sight)
        if neighbours:
            guest = neighbours[int(model.uniform(host, "whom it invites") * len(neighbours))]
            guest.trust += GAIN * (1.0 - guest.trust)


def main() -> None:
    """Run the same village with and without the mechanism, under the same luck, and print what differs."""
    small = {"village.households": 300, "village.party_members": 24, "village.volunteers": 6}
    for label, mechanisms in (("without", []), ("with", [invite])):
        with MobilizationModel("veteran_role_model", seed=1, weeks=52, overrides=small, mechanisms=mechanisms) as model:
            model.run_model()
            totals = model.totals
        print(f"{label:8s} adopted {totals['adopted']:.3f}  clean {totals['clean']:.3f}")


if __name__ == "__main__":
    main()
