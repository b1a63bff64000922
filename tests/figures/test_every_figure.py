"""What holds for every figure: it fits and can be read, and its files are the same every time."""

from __future__ import annotations

import subprocess
import sys
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from pathlib import Path

import pytest
from figure_reading import texts_of
from figure_tables import (
    LABELS,
    MARKS,
    NAMED,
    climbs_table,
    convergence_table,
    curves_table,
    differences_table,
    effects_table,
    indices_table,
    morris_table,
    pawn_table,
    points_table,
    snapshots,
    weeks_table,
)
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from sim.base.errors import InputError
from sim.figures import (
    DOUBLE,
    SINGLE,
    attribution,
    climbs_by_term,
    forest,
    index_bars,
    index_convergence,
    index_pairs,
    index_weeks,
    ladder,
    morris,
    outcome_curves,
    save,
    sweep_figure,
)
from sim.figures import village_map as draw_map
from sim.figures.discovery import discovery
from sim.figures.fonts import drawable
from sim.figures.policy import allocation, front, regret
from sim.figures.shares import carried as draw_carried
from sim.figures.shares import shares as draw_shares
from tests.policy_tables import INTERVENTIONS, box, carried, policies, regrets, shares, trajectory

SWEPT = {"interventions.donation.yuan": "interventions.donation.yuan (yuan)", "household.persuasion": "persuasion (logit)",
         "village.newcomer_share": "village.newcomer_share"}  # fmt: skip


def draw_sweep(count: int, grid: bool, width: float) -> Figure:
    keys = dict(list(SWEPT.items())[:count])
    return sweep_figure(
        points_table(list(keys), grid=grid), keys, "adopted", "donation", LABELS, grid=grid, width=width
    )


CHOSEN = {"coverage": 0.8, "density": 0.7, "coverage_fresh": 0.75, "density_fresh": 0.62}
FIGURES: dict[str, Callable[[float], Figure]] = {
    "curves": lambda width: outcome_curves(curves_table(), labels=LABELS, marks=MARKS, width=width),
    "clutter": lambda width: outcome_curves(curves_table(), "clutter", "newcomer", labels=LABELS, width=width),
    "ladder": lambda width: ladder(curves_table(), labels=LABELS, marks=MARKS, width=width),
    "forest": lambda width: forest(effects_table(), labels=LABELS, width=width),
    "forests": lambda width: forest(
        effects_table(), ("adopted", "yuan_per_adopted", "weeks_to_half"), LABELS, width=width
    ),
    "map": lambda width: draw_map(snapshots(), width=width),
    "climbs": lambda width: climbs_by_term(climbs_table(), LABELS, width=width),
    "shares": lambda width: climbs_by_term(climbs_table(), LABELS, share=True, width=width),
    "attribution": lambda width: attribution(differences_table(), LABELS, width=width),
    "attribution of two": lambda width: attribution(
        differences_table().query("scenario in ('donation', 'campaign')"), LABELS, width=width
    ),
    "attribution of five": lambda width: attribution(
        differences_table().query("scenario != 'campaign'"), LABELS, width=width
    ),
    "morris": lambda width: morris(morris_table(), "households that have adopted (share)", width=width),
    "indices": lambda width: index_bars(indices_table(), "adopted (share)", NAMED, width=width),
    "pawn": lambda width: index_bars(pawn_table(), "adopted (share)", NAMED, width=width),
    "convergence": lambda width: index_convergence(convergence_table(), "adopted (share)", NAMED, width=width),
    "index weeks": lambda width: index_weeks(weeks_table(), "adopted (share)", NAMED, width=width),
    "pairs": lambda width: index_pairs(indices_table(), "adopted (share)", NAMED, width=width),
    "front": lambda width: front(policies(), {"yuan": 3e5, "hours": 4000.0}, width=width),
    "regret": lambda width: regret(regrets(), policies()["mix"].tolist(), width=width),
    "allocation": lambda width: allocation(policies(), INTERVENTIONS, width=width),
    "shares of interventions": lambda width: draw_shares(shares(), width=width),
    "shares of hours": lambda width: draw_shares(shares(), "hours", LABELS, width=width),
    "mechanisms": lambda width: draw_carried(carried(), width=width),
    **{
        f"sweep of {count}{' scattered' * (not grid)}": partial(draw_sweep, count, grid)
        for count in (1, 2, 3)
        for grid in (True, False)
    },
    "discovery": lambda width: discovery(trajectory(), box(), CHOSEN, 0.2, "Donations win", LABELS, width=width),
    "no box": lambda width: discovery(trajectory(), box().iloc[:0], CHOSEN, 0.2, "Donations win", width=width),
}


@pytest.fixture(scope="module", params=[(name, width) for name in FIGURES for width in (SINGLE, DOUBLE)], ids=str)
def figure(request: pytest.FixtureRequest) -> Iterator[Figure]:
    """Give every figure laid out at both widths; warnings, such as of missing glyphs, are errors."""
    name, width = request.param
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = FIGURES[name](width)
        drawn.draw_without_rendering()
        yield drawn


def test_all_text_lies_within_the_figure(figure: Figure) -> None:
    page = figure.bbox
    for text in texts_of(figure):
        box = Text.get_window_extent(text)
        assert box.x0 >= -0.5 and box.y0 >= -0.5, text.get_text()
        assert box.x1 <= page.x1 + 0.5 and box.y1 <= page.y1 + 0.5, text.get_text()


def test_no_two_texts_overlap(figure: Figure) -> None:
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in texts_of(figure)]
    for (one, a), (other, b) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        # A pixel or two is what a box has round its letters.
        assert min(across, up) <= 2.5, (one, other)


def test_no_text_is_smaller_than_seven_points(figure: Figure) -> None:
    assert min(float(text.get_fontsize()) for text in texts_of(figure)) >= 7.0


def test_every_character_has_a_glyph(figure: Figure) -> None:
    assert all(drawable(text.get_text()) for text in texts_of(figure))


def test_a_figure_has_the_width_of_the_journal(figure: Figure) -> None:
    assert round(figure.get_figwidth() * 25.4, 6) in (SINGLE, DOUBLE)
    assert figure.get_figheight() * 25.4 < 247, "fits on a page"


@pytest.mark.parametrize("name", ["curves", "ladder", "forest", "map", "climbs", "attribution", "morris", "pairs"])
def test_files_are_the_same_in_two_runs(name: str, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in save(FIGURES[name](SINGLE), tmp_path / "first")]
    again = FIGURES[name](SINGLE)
    again.canvas.draw()
    assert [path.read_bytes() for path in save(again, tmp_path / "second")] == first


def test_files_from_one_figure_are_the_same(tmp_path: Path) -> None:
    figure = FIGURES["climbs"](SINGLE)
    first = [path.read_bytes() for path in save(figure, tmp_path / "x")]
    assert [path.read_bytes() for path in save(figure, tmp_path / "x")] == first


def test_files_in_another_process_are_the_same(tmp_path: Path) -> None:
    code = (
        "import sys, pandas as pd; from sim.figures import climbs_by_term, save;"
        "t = pd.DataFrame({'scenario': ['a', 'a', 'b'], 'term': ['x', 'y', 'x'], 'climbs': [1.0, 2.0, 3.0]});"
        "save(climbs_by_term(t), sys.argv[1]); assert 'matplotlib.pyplot' not in sys.modules"
    )
    for name in ("one", "two"):
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True)
    for suffix in (".png", ".svg"):
        assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


def test_save_writes_text_as_text_and_leaves_nothing_else(tmp_path: Path) -> None:
    png, svg = save(outcome_curves(curves_table(), labels=LABELS), tmp_path / "new" / "curves.v1")
    assert sorted(path.name for path in png.parent.iterdir()) == ["curves.v1.png", "curves.v1.svg"]
    with Image.open(png) as image:
        assert image.width == int(183 / 25.4 * 200)
        assert not image.text  # type: ignore[attr-defined]
    words = "".join(ElementTree.parse(svg).getroot().itertext())
    assert "Household contact by party members" in words
    assert "date" not in words.lower()


def test_a_failed_save_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = climbs_by_term(climbs_table())
    (tmp_path / "x.png").write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(InputError, match="no space"):
        save(figure, tmp_path / "x")
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]
    assert (tmp_path / "x.png").read_bytes() == b"old"


def test_settings_do_not_leak() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    outcome_curves(curves_table())
    assert dict(matplotlib.rcParams) == before
