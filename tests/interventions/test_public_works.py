"""Public works: money becomes amenities at the model's price, and nobody is thanked for it."""

from __future__ import annotations

import pytest

from interventions.small import STILL, YARDS, after, content, same, total
from sim.engine import tallies as t
from sim.engine.world import columns as c
from sim.interventions import GIFT_USES

SHAPES = [{}, {"yuan": 1e9, "stop": 20}]
VALUES = {"public.work_yuan": 10_000.0}
BUDGET = GIFT_USES.index("budget")


@pytest.mark.parametrize(("yuan", "plots"), [(0.0, 0), (49_999.0, 0), (50_000.0, 1), (170_000.0, 3), (1e9, 8)])
def test_money_buys_plots_at_their_price(yuan: float, plots: int) -> None:
    """200 households have 8 plots; each takes 50,000 yuan; what is over stays in hand, to the fen."""
    simulation = after([{"kind": "public_works", "yuan": yuan, "stop": 10}], 30, {**STILL, "public.amenity_relapse": 0})
    assert total(simulation, t.row("works_finished")) == plots
    assert (simulation.state.public_i32[c.PUBLIC_KIND] == c.AMENITY).sum() == plots
    assert total(simulation, t.row("spent_budget")) == plots * 5_000_000
    assert simulation.state.village_i64[c.FUND + BUDGET, 0] == int(100 * yuan) - plots * 5_000_000
    assert total(simulation, t.row("given_budget")) == int(100 * yuan)


def test_works_take_their_weeks() -> None:
    """Paid in week 0, begun then, and finished after 8 weeks (the first passes at once)."""
    simulation = after([{"kind": "public_works", "yuan": 50_000.0, "stop": 1}], 20, STILL)
    assert simulation.counts[:, 0, t.row("works_finished")].tolist() == [0] * 7 + [1] + [0] * 12


def test_the_dirtiest_plot_comes_first() -> None:
    """Of 8 plots the one that was least clean when the money came is the amenity; exact, in each of 5 villages."""
    for seed in range(5):
        before = after([], 11, STILL, seed).state.public_f64[c.PUBLIC_CLEANLINESS]
        intervention = {"kind": "public_works", "yuan": 50_000.0, "start": 11, "stop": 12}
        kinds = after([intervention], 30, {**STILL, "public.amenity_relapse": 0}, seed).state.public_i32[c.PUBLIC_KIND]
        assert before[kinds == c.AMENITY] == before.min()


def test_it_is_no_gift() -> None:
    """Nothing is given, recognised or paid for other uses, and no yard or trust moves where plots don't count."""
    values = {**STILL, "household.surroundings": 0.0}
    bare, there = (after(interventions, 40, values) for interventions in ([], [{"kind": "public_works", "stop": 20}]))
    for use in GIFT_USES:
        if use != "budget":
            assert total(there, t.row(f"given_{use}")) == total(bare, t.row(f"given_{use}"))
            assert total(there, t.row(f"spent_{use}")) == total(bare, t.row(f"spent_{use}"))
    assert (
        bare.totals[:, :, t.measure_row("recognised_giving")].tobytes()
        == there.totals[:, :, t.measure_row("recognised_giving")].tobytes()
    )
    assert same(bare, there, (*YARDS, "trust", "award", "attachment"))


def test_works_make_public_space_cleaner() -> None:
    """P12's cause: mean cleanliness rises in each of 5 villages, by more than 0.3 once all plots are amenities."""
    for seed in range(5):
        bare, there = (after([{"kind": "public_works", "yuan": y, "stop": 5}], 30, STILL, seed) for y in (0.0, 1e6))
        gain = (
            there.totals[-1, 0, t.measure_row("public_cleanliness")]
            - bare.totals[-1, 0, t.measure_row("public_cleanliness")]
        ) / there.public_plots()
        assert gain > 0.3


def test_less_than_a_plot_buys_nothing() -> None:
    lively = {"household.predisposition": -1.2}
    bare, there = (after([{"kind": "public_works", "yuan": y}], 40, lively) for y in (0.0, 49_000.0))
    there.counts[:, :, t.row("given_budget")] = 0
    found, expected = content(there), content(bare)
    assert {name for name in found if found[name] != expected[name]} <= {"village_i64"}
