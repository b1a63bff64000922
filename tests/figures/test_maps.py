"""Maps of a village: each plot in its place, week by week."""

from __future__ import annotations

import numpy as np
import pytest
from figure_reading import words_of
from figure_tables import snapshots
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

from sim.engine.world import columns as c
from sim.figures import Snapshot
from sim.figures import village_map as draw_map
from sim.figures.colour import RUNG_COLOURS
from sim.figures.snapshots import snapshot
from sim.figures.village_map import CORNERS, PUBLIC_WORDS, shapes, week_words


def test_the_map_shows_every_week() -> None:
    made = snapshots()
    figure = draw_map(made)
    words = words_of(figure)
    for said in ("at the start", "after 1 week |", "after 26 weeks", "after 104 weeks", "Clean yard", *PUBLIC_WORDS):
        assert said in words
    for axes, shown in zip(figure.axes, made, strict=True):
        plots: int = sum(
            np.asarray(patch.get_path().vertices).shape[0] // 5
            for patch in axes.artists + list(axes.patches)
            if isinstance(patch, PathPatch) and to_hex(patch.get_facecolor()).upper() in RUNG_COLOURS
        )
        assert plots == np.count_nonzero(shown.kind == 0)
        symbols = sum(len(np.asarray(line.get_xdata())) for line in axes.lines)
        assert symbols == np.count_nonzero(shown.kind == 1)


def test_the_map_says_whose_it_is_and_where_it_ends() -> None:
    made = snapshots()
    words = words_of(draw_map(made, "A campaign", "One run: seed 3, replicate 0."))
    last, yards = made[-1], made[-1].kind == 0
    shares = [100 * (which & yards).sum() / yards.sum() for which in (last.rung >= 2, last.clean)]
    assert (
        "A campaign after 104 weeks: {:.1f} % of households have adopted, {:.1f} % of yards are clean".format(*shares)
        in words
    )
    assert "One run: seed 3, replicate 0." in words


def test_clean_yards_look_alike_on_every_rung() -> None:
    made = snapshots()[-1]
    shapes_of = {
        to_hex(patch.get_facecolor()): len(np.asarray(patch.get_path().vertices)) // 5
        for patch in draw_map([made]).axes[0].get_children()
        if isinstance(patch, PathPatch)
    }
    assert len(set(made.rung[made.clean].tolist())) > 1
    assert shapes_of["#ffffff"] == shapes_of["#000000"] == made.clean.sum()


def test_shapes_lie_on_their_cells() -> None:
    cells = np.zeros((3, 4), np.bool_)
    cells[2, 1] = True
    vertices = np.asarray(shapes(cells, CORNERS["yard"]).vertices)
    assert (vertices.mean(axis=0) - [1, 2] < 0.2).all()
    assert week_words(-1) == "at the start"


def test_a_snapshot_must_fit_together() -> None:
    one = snapshots()[0]
    with pytest.raises(ValueError, match="same shape"):
        Snapshot(0, one.kind, one.rung[1:], one.clean, one.newcomer, one.public)
    with pytest.raises(ValueError, match="no snapshot"):
        draw_map([])


def state_of_two_villages() -> c.State:
    """Return a state with a village of one yard and one of 2 x 3 plots: yards 1..3, a lane and two public plots."""
    plan = np.array([0, 1, -3, 2, -1, 3, -4], np.int32)
    state = c.empty_state({"household": 4, "public plot": 3, "village": 2}, plan=plan)
    state.column("rung")[:] = [3, 0, 1, 2]
    state.column("clean")[:] = [0, 1, 0, 1]
    state.column("roles")[:] = [0, c.MEMBER, c.NEWCOMER, c.NEWCOMER | c.VOLUNTEER]
    for name, values in (("plan_first", [0, 1]), ("plan_rows", [1, 2]), ("plan_columns", [1, 3])):
        state.column(name)[:] = values
    state.column("public_kind")[:] = [c.BLACK_SPOT, c.AMENITY, c.IDLE]
    return state


def test_a_snapshot_reads_its_own_village() -> None:
    state = state_of_two_villages()
    read = snapshot(state, 1, 7, "Dungen")
    assert read.kind.tolist() == [[0, 1, 0], [-1, 0, 1]]
    assert read.rung.tolist() == [[0, -1, 1], [-1, 2, -1]]
    assert read.clean.tolist() == [[True, False, False], [False, True, False]]
    assert read.newcomer.tolist() == [[False, False, True], [False, True, False]]
    assert read.public.tolist() == [[-1, c.AMENITY, -1], [-1, -1, c.IDLE]]
    assert (read.week, read.title) == (7, "Dungen")
    state.u8[c.RUNG] = 0
    assert read.rung[1, 1] == 2, "a copy, so that the run can go on"
    assert snapshot(state, 0, 7).kind.tolist() == [[0]]


def test_symbols_follow_the_kinds_of_public_plots() -> None:
    names = {c.BLACK_SPOT: "Black spot", c.IDLE: "Idle plot", c.AMENITY: "Amenity", c.WORKS: "Works under way"}
    assert tuple(names[kind] for kind in range(4)) == PUBLIC_WORDS
