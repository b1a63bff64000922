"""Figures: what is on them, that it fits and can be read, and that the files are the same every time."""

from __future__ import annotations

import subprocess
import sys
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text
from PIL import Image

from sim.figures import (
    DOUBLE,
    SINGLE,
    Mark,
    Snapshot,
    attribution,
    climbs_by_term,
    forest,
    index_bars,
    index_convergence,
    index_pairs,
    index_weeks,
    label,
    ladder,
    morris,
    outcome_curves,
    save,
)
from sim.figures import village_map as draw_map
from sim.figures.climbs import COLOURS
from sim.figures.colour import PALETTE, RUNG_COLOURS, RUNG_HATCHES, RUNGS, ink_on, lightness
from sim.figures.discovery import discovery
from sim.figures.fonts import drawable, safe, text_width
from sim.figures.labels import spread, wrapped
from sim.figures.policy import allocation, front, regret
from sim.figures.shares import carried as draw_carried
from sim.figures.shares import shares as draw_shares
from sim.figures.snapshots import snapshot
from sim.figures.style import SMALL, line_style
from sim.figures.village_map import CORNERS, PUBLIC_WORDS, shapes, week_words
from sim.figures.weeks import levels
from sim.figures.words import SHARES
from sim.world import columns as c
from tests.policy_tables import LEVERS, box, carried, policies, regrets, shares, trajectory

SCENARIOS = [
    "baseline", "household_contact", "veteran_role_model", "volunteer_team", "donation",
    "veteran_role_model_and_donation", "campaign",
]  # fmt: skip
LABELS = {
    "baseline": "No programme",
    "household_contact": "Household contact by party members",
    "veteran_role_model_and_donation": "Veteran members as role models, and donations",
    "campaign": "大沥镇密集动员",
}
TERMS = (
    "predisposition", "neighbours", "kin", "surroundings", "trust", "help", "giving", "awards", "persuasion", "several",
)  # fmt: skip
MARKS = [Mark(0, 26, "Programme"), (52, None, "A year after")]


def curves_table(weeks: int = 104, replicates: int = 200) -> pd.DataFrame:
    """Return curves of all scenarios, of which some end close together."""
    return _curves(weeks, replicates).copy()


@cache
def _curves(weeks: int, replicates: int) -> pd.DataFrame:
    week = np.arange(weeks)
    parts = []
    for number, scenario in enumerate(SCENARIOS):
        adopted = (0.5 + 0.02 * number) * (1 - np.exp(-week / (10 + number)))
        pushed = 0.5 * (1 - adopted)
        values = {
            "adopted": adopted, "pushed": pushed, "watching": 1 - adopted - pushed, "helping": 0.6 * adopted,
            "self_initiated": 0.4 * adopted, "clutter": 12 * (1 - adopted),
        }  # fmt: skip
        for group in ("all", "newcomer"):
            for outcome, mean in values.items():
                half = 0.1 * mean
                frame = {
                    "scenario": scenario, "group": group, "week": week, "outcome": outcome, "mean": mean,
                    "q05": mean - half, "q25": mean - half / 2, "q50": mean, "q75": mean + half / 2,
                    "q95": mean + half, "replicates": replicates,
                }  # fmt: skip
                parts.append(pd.DataFrame(frame))
    return pd.concat(parts, ignore_index=True)


def effects_table() -> pd.DataFrame:
    """Return effects on a share, on money and on a time, one of them unknown."""
    rows = []
    for outcome, unit, scale in (
        ("adopted", "share", 0.1), ("yuan_per_adopted", "yuan/household", 900.0), ("weeks_to_half", "weeks", 8.0),
    ):  # fmt: skip
        for number, scenario in enumerate(SCENARIOS[1:]):
            difference = float("nan") if outcome == "weeks_to_half" and number == 2 else scale * (number - 1)
            half = 0.3 * scale
            verdict = "not distinguishable" if abs(difference) < half else ("more" if difference > 0 else "less")
            row = {
                "scenario": scenario, "reference": "baseline", "outcome": outcome, "unit": unit,
                "reference_mean": scale, "mean": scale + difference, "difference": difference,
                "low": difference - half, "high": difference + half, "spread_low": difference - 3 * half,
                "spread_high": difference + 3 * half, "pairs": 200, "verdict": verdict,
            }  # fmt: skip
            rows.append(row)
    return pd.DataFrame(rows)


def snapshots(rows: int = 20, columns: int = 22) -> list[Snapshot]:
    """Return a village that climbs the ladder."""
    rng = np.random.default_rng(3)
    kind = np.zeros((rows, columns), np.int8)
    kind[5::6], kind[:, 12::13] = -1, -1
    kind[(kind == 0) & (rng.random(kind.shape) < 0.06)] = 1
    yard, u = kind == 0, rng.random(kind.shape)
    public = np.where(kind == 1, np.clip((u * 4).astype(int), 0, 3), -1).astype(np.int8)
    made = []
    for number, week in enumerate((-1, 0, 25, 103)):
        rung = np.where(yard, np.clip((u * (1 + number)).astype(int), 0, 3), -1).astype(np.int8)
        made.append(Snapshot(week, kind, rung, yard & (rung >= 2), yard & (u < 0.3), public, label("敦根", "Dungen")))
    return made


def climbs_table() -> pd.DataFrame:
    """Return climbs by term."""
    rng = np.random.default_rng(4)
    rows = [(scenario, term, rng.gamma(1.5, 300)) for scenario in SCENARIOS for term in TERMS]
    return pd.DataFrame(rows, columns=["scenario", "term", "climbs"])


def differences_table() -> pd.DataFrame:
    """Return differences of climbs by term, of which two are too small to be seen and one isn't distinguishable."""
    rows = []
    for number, scenario in enumerate(SCENARIOS[1:], 1):
        sizes = {term: 1600.0 * number * (-0.6) ** k for k, term in enumerate(TERMS)}
        sizes |= {"giving": 4.0, "awards": 0.0}
        found = [("climbs", term, size) for term, size in sizes.items()]
        found += [("climbs", "all", sum(sizes.values())), ("slips", "all", 0.25 * sizes["predisposition"])]
        for flow, term, difference in found:
            half = 0.1 * abs(difference) if term != "kin" else 700.0 * number
            verdict = "not distinguishable" if half > abs(difference) else "more" if difference > 0 else "less"
            row = {
                "scenario": scenario, "reference": "baseline", "flow": flow, "term": term, "difference": difference,
                "low": difference - half, "high": difference + half, "pairs": 200, "verdict": verdict,
            }  # fmt: skip
            rows.append(row)
    return pd.DataFrame(rows)


def morris_table(parameters: int = 24) -> pd.DataFrame:
    """Return a screening with a crowd near the origin."""
    rng = np.random.default_rng(5)
    mu = rng.gamma(0.7, 0.06, parameters)
    table = {
        "parameter": [f"household.p{k}" for k in range(parameters)],
        "label": [f"Parameter {k}" for k in range(parameters)], "mu_star": mu, "mu_star_low": 0.8 * mu,
        "mu_star_high": 1.3 * mu, "sigma": mu * rng.uniform(0.3, 1.3, parameters), "seed_noise": 0.02,
    }  # fmt: skip
    return pd.DataFrame(table)


def indices_table(parameters: int = 6) -> pd.DataFrame:
    """Return first, total and second order of some parameters, one of them without effect."""
    names = [f"household.p_{k}" for k in range(parameters)]
    rows = []
    for k, name in enumerate(names):
        total = 0.5 * 0.5**k if k < parameters - 1 else 0.0
        rows += [(name, "", "S1", 0.7 * total - 0.01, 0.05), (name, "", "ST", total, 0.02 + 0.2 * total)]
        rows += [(name, other, "S2", 0.1 * 0.5 ** (k + j) - 0.01, 0.03) for j, other in enumerate(names[k + 1 :])]
    table = pd.DataFrame(rows, columns=["parameter", "other", "index", "value", "half"])
    half = table.pop("half")
    return table.assign(low=table["value"] - half, high=table["value"] + half)


def pawn_table() -> pd.DataFrame:
    """Return PAWN indices with the dummy's."""
    table = indices_table().query("index == 'ST'").assign(index="pawn")
    dummy = {"parameter": "(dummy)", "other": "", "index": "pawn", "value": 0.06, "low": 0.03, "high": 0.09}
    return pd.concat([table, pd.DataFrame([dummy])], ignore_index=True)


def convergence_table(parameters: int = 12) -> pd.DataFrame:
    """Return total orders at four sizes; more parameters than are drawn."""
    table = indices_table(parameters).query("index == 'ST'")
    parts = []
    for n in (32, 64, 128, 256):
        half = (table["high"] - table["value"]) * np.sqrt(256 / n)
        parts.append(table.assign(n=n, low=table["value"] - half, high=table["value"] + half))
    return pd.concat(parts, ignore_index=True)


def weeks_table() -> pd.DataFrame:
    """Return total orders by week."""
    table = indices_table().query("index == 'ST'")
    parts = [table.assign(week=week, value=table["value"] * week / 104) for week in np.linspace(9, 104, 12).round()]
    return pd.concat(parts, ignore_index=True)


NAMED = {"household.p_0": "predisposition_sd (sigma_eps)", "household.p_1": "veteran_role_model.extra_time"}

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
    "allocation": lambda width: allocation(policies(), LEVERS, width=width),
    "shares of levers": lambda width: draw_shares(shares(), width=width),
    "shares of hours": lambda width: draw_shares(shares(), "hours", LABELS, width=width),
    "mechanisms": lambda width: draw_carried(carried(), width=width),
    "discovery": lambda width: discovery(trajectory(), box(), CHOSEN, 0.2, "Donations win", LABELS, width=width),
    "no box": lambda width: discovery(trajectory(), box().iloc[:0], CHOSEN, 0.2, "Donations win", width=width),
}


@pytest.fixture(scope="module", params=[(name, width) for name in FIGURES for width in (SINGLE, DOUBLE)], ids=str)
def figure(request: pytest.FixtureRequest) -> Iterator[Figure]:
    """Give every figure at both widths; warnings, such as of missing glyphs, are errors."""
    name, width = request.param
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = FIGURES[name](width)
        drawn.canvas.draw()
        yield drawn


def texts_of(figure: Figure) -> list[Text]:
    """Return all texts that are drawn."""
    found = figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_visible() and bool(artist.get_text()))
    hidden = {
        tick_label
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        for tick_label in (tick.label1, tick.label2)
        if not (axes.axison and tick_label.get_visible() and _within(axis.get_view_interval(), tick.get_loc()))
    }
    return [text for text in found if isinstance(text, Text) and text not in hidden]


def _within(interval: tuple[float, float], value: float) -> bool:
    low, high = sorted(interval)
    return low - 1e-9 <= value <= high + 1e-9


def words_of(figure: Figure) -> str:
    """Return all words on the figure, in one line."""
    return " | ".join(" ".join(text.get_text().split()) for text in texts_of(figure))


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
    with pytest.raises(OSError, match="no space"):
        save(figure, tmp_path / "x")
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]
    assert (tmp_path / "x.png").read_bytes() == b"old"


def test_settings_do_not_leak() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    outcome_curves(curves_table())
    assert dict(matplotlib.rcParams) == before


# Curves.


def bands_of(figure: Figure) -> list[PolyCollection]:
    return [artist for artist in figure.axes[0].collections if isinstance(artist, PolyCollection)]


def test_curves_have_a_line_and_a_band_for_each_scenario() -> None:
    figure = outcome_curves(curves_table(), scenarios=["donation", "baseline"], labels=LABELS, marks=MARKS)
    axes = figure.axes[0]
    lines = [line for line in axes.lines if len(np.asarray(line.get_xdata())) == 104]
    assert (len(lines), len(bands_of(figure))) == (2, 2)
    assert np.asarray(lines[0].get_xdata())[0] == 1, "the first row is the end of the first week"
    assert axes.get_xlim() == (0, 104)
    assert axes.get_ylim() == (0, 1)
    words = words_of(figure)
    assert "Band: 5th to 95th percentile of 200 replicates" in words
    for said in ("donation", "No programme", "100 %", "Weeks since the start", "Programme", "A year after"):
        assert said in words


def test_bands_span_the_quantiles() -> None:
    table = curves_table()
    figure = outcome_curves(table, scenarios=["campaign"])
    band = bands_of(figure)[0].get_paths()[0].vertices
    rows = table[(table.scenario == "campaign") & (table.outcome == "adopted") & (table.group == "all")]
    assert np.isclose(np.asarray(band)[:, 1].max(), rows["q95"].max())


def test_curves_of_other_outcomes_and_groups_say_so() -> None:
    words = words_of(outcome_curves(curves_table(), "clutter", "newcomer"))
    assert "Mean clutter, newcomers (hours)" in words
    assert "%" not in words


def test_replicates_that_differ_are_told_as_a_range() -> None:
    table = curves_table()
    table.loc[table["scenario"] == "campaign", "replicates"] = 1000
    assert "percentile of 200 to 1,000 replicates" in words_of(outcome_curves(table))


def test_curves_with_gaps_are_drawn() -> None:
    table = curves_table()
    table.loc[table["scenario"] == "donation", ["mean", "q05", "q95"]] = np.nan
    assert "donation" in words_of(outcome_curves(table))


def test_lines_differ_without_colour() -> None:
    styles = [line_style(number) for number in range(20)]
    assert len({(str(style.dashes), style.marker) for style in styles}) == 20
    assert all(lightness(style.colour) < 75 for style in styles), "stand out from white"


# The ladder.


def test_the_ladder_stacks_up_to_all_households() -> None:
    figure = ladder(curves_table(), labels=LABELS, marks=MARKS)
    panels = [axes for axes in figure.axes if axes.axison]
    assert len(panels) == len(SCENARIOS)
    for axes in panels:
        areas = [artist for artist in axes.collections if isinstance(artist, PolyCollection)]
        assert [to_hex(np.asarray(area.get_facecolor())[0]).upper() for area in areas] == list(reversed(RUNG_COLOURS))
        assert [area.get_hatch() or "" for area in areas] == list(reversed(RUNG_HATCHES))
        assert np.isclose(np.asarray(areas[-1].get_paths()[0].vertices)[:, 1].max(), 1.0)
        assert axes.get_ylim() == (0, 1)
    for word in ("Watching", "Pushed", "Helping", "Self-initiated"):
        assert word in words_of(figure)


def test_rungs_differ_in_lightness() -> None:
    steps = [lightness(low) - lightness(high) for low, high in pairwise(RUNG_COLOURS)]
    assert min(steps) >= 15
    assert lightness("#000000") == 0.0
    assert round(lightness("#FFFFFF"), 6) == 100.0
    assert RUNGS == c.RUNGS
    assert [ink_on(colour) for colour in RUNG_COLOURS] == ["#000000", "#000000", "#FFFFFF", "#FFFFFF"]


def test_the_palette_goes_from_dark_to_light() -> None:
    assert sorted(PALETTE, key=lightness) == list(PALETTE)


# Forest.


def test_the_forest_keeps_the_order_and_prints_the_numbers() -> None:
    table = effects_table()
    figure = forest(table)
    axes = figure.axes[0]
    names = [tick.get_text() for tick in axes.get_yticklabels()]
    assert [name.replace("\n", " ") for name in names] == [s.replace("_", " ") for s in SCENARIOS[1:]]
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first row is at the top"
    words = words_of(figure)
    for said in ("−10.0 [−13.0, −7.0]", "+40.0 [+37.0, +43.0]", "percentage points", "against baseline"):
        assert said in words
    low, high = axes.get_xlim()
    assert low < -19 and high > 49, "the spread is within the axis"


def test_only_what_is_not_distinguishable_is_hollow() -> None:
    axes = forest(effects_table()).axes[0]
    faces = [to_hex(str(line.get_markerfacecolor())) for line in axes.lines if line.get_marker() == "o"]
    assert [face == "#ffffff" for face in faces] == [False, True, False, False, False, False]


def test_an_unknown_effect_is_told() -> None:
    assert "n/a" in words_of(forest(effects_table(), ("weeks_to_half",)))


def test_several_references_are_named_in_the_rows() -> None:
    table = effects_table().iloc[:3].copy()
    table["reference"] = ["baseline", "baseline", "donation"]
    assert "volunteer team against donation" in words_of(forest(table))


# Maps.


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
    households = 4
    u8 = np.zeros((len([x for x in c.COLUMNS if x.block == "u8"]), households), np.uint8)
    u8[c.RUNG] = [3, 0, 1, 2]
    u8[c.CLEAN] = [0, 1, 0, 1]
    u8[c.ROLES] = [0, c.MEMBER, c.NEWCOMER, c.NEWCOMER | c.VOLUNTEER]
    village = np.zeros((c.VILLAGE_I64, 2), np.int64)
    village[c.PLAN_FIRST], village[c.PLAN_ROWS], village[c.PLAN_COLUMNS] = [0, 1], [1, 2], [1, 3]
    public = np.zeros((6, 3), np.int32)
    public[c.PUBLIC_KIND] = [c.BLACK_SPOT, c.AMENITY, c.IDLE]
    plan = np.array([0, 1, -3, 2, -1, 3, -4], np.int32)
    f64, i32 = np.zeros((10, households)), np.zeros((11, households), np.int32)
    none, nobody = np.zeros(0, np.int32), np.zeros((6, 0), np.int32)
    return c.State(
        f64=f64, i32=i32, u8=u8, tie_first=np.zeros(households + 1, np.int32), tie=none,
        bond_first=np.zeros(1, np.int32), bond=none, plan=plan, lists=nobody, listed=none, team_i32=nobody,
        team_f64=np.zeros((1, 0)), public_i32=public, public_f64=np.zeros((c.PUBLIC_F64, 3)), village_i64=village,
        village_f64=np.zeros((c.VILLAGE_F64, 2)), village_key=np.zeros((2, 2), np.uint32),
    )  # fmt: skip


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


# Climbs and screening.


def test_climbs_stack_up_to_their_total() -> None:
    table = climbs_table()
    figure = climbs_by_term(table)
    axes = figure.axes[0]
    totals = table.groupby("scenario")["climbs"].sum()
    assert len(axes.patches) == len(SCENARIOS) * len(TERMS)
    assert np.isclose(axes.get_xlim()[1], totals.max())
    words = words_of(figure)
    assert all(f"{total:,.0f}" in words for total in totals)
    assert all(term in words for term in TERMS)
    assert all(abs(lightness(a) - lightness(b)) >= 5 for a, b in pairwise(COLOURS))


def test_shares_of_climbs_end_at_one() -> None:
    assert climbs_by_term(climbs_table(), share=True).axes[0].get_xlim() == (0, 1)


def test_no_climbs_at_all_are_drawn() -> None:
    table = climbs_table()
    table["climbs"] = 0.0
    assert "predisposition" in words_of(climbs_by_term(table, share=True))


def bars_of(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def test_attribution_has_a_panel_a_scenario_and_the_largest_term_at_the_top() -> None:
    table = differences_table()
    figure = attribution(table, LABELS, width=DOUBLE)
    panels = [axes for axes in figure.axes if axes.axison]
    shown = ["predisposition", "neighbours", "kin", "surroundings", "trust", "help", "persuasion", "several"]
    assert len(panels) == len(SCENARIOS) - 1
    for axes, scenario in zip(panels, SCENARIOS[1:], strict=True):
        rows = table[(table["scenario"] == scenario) & (table["flow"] == "climbs")].set_index("term")
        assert [bar.get_width() for bar in bars_of(axes)] == rows.loc[shown, "difference"].tolist()
        lines = [np.asarray(line.get_xdata()).tolist() for line in axes.lines if line.get_marker() == "|"]
        assert lines == rows.loc[shown, ["low", "high"]].to_numpy().tolist()
        assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first row is at the top"
        assert axes.get_xlim() == panels[0].get_xlim()
    words = words_of(figure)
    for said in (
        "predisposition alone",
        "several together",
        "+400 slips",
        "less those of the reference (No programme)",
    ):
        assert said in words
    assert "Below 1 % of the longest bar: giving, awards." in words


def test_only_terms_that_are_not_distinguishable_are_hollow() -> None:
    axes = attribution(differences_table()).axes[0]
    hollow = [to_hex(bar.get_facecolor()) == "#ffffff" for bar in bars_of(axes)]
    assert hollow == [False, False, True, False, False, False, False, False]
    assert lightness(PALETTE[5]) < 75, "stands out from white in grey, and black lines from it"


def test_attribution_without_any_difference_shows_all_terms() -> None:
    table = differences_table()
    table[["difference", "low", "high"]] = 0.0
    table["verdict"] = "the same"
    figure = attribution(table, width=DOUBLE)
    assert len(bars_of(figure.axes[0])) == len(TERMS)
    assert "0 climbs, 0 slips" in words_of(figure)


def test_attribution_without_pairs_says_so() -> None:
    table = differences_table()
    table[["difference", "low", "high"]] = np.nan
    table["verdict"] = "undefined"
    assert "n/a climbs, n/a slips" in words_of(attribution(table, width=DOUBLE))


def test_a_term_of_a_name_unknown_to_the_figure_is_drawn_by_it() -> None:
    table = differences_table().replace({"term": {"kin": "a_new_term"}})
    assert "a new term" in words_of(attribution(table))


def test_screening_is_sorted_and_shows_the_noise() -> None:
    table = morris_table()
    figure = morris(table, "adopted")
    bars, plane = figure.axes
    lengths = [patch.get_width() for patch in bars.patches]  # type: ignore[attr-defined]
    assert lengths == sorted(table["mu_star"], reverse=True)
    for axes in (bars, plane):
        assert any(list(np.asarray(line.get_xdata())) == [0.02, 0.02] for line in axes.lines)
    numbers = {text.get_text() for text in plane.texts}
    beyond = int((table["mu_star"] > 0.02).sum())
    assert {str(number) for number in range(1, beyond + 1)} <= numbers, "all beyond the noise are numbered"
    assert "Outcome: adopted" in words_of(figure)


def test_a_screening_of_single_replicates_claims_no_noise() -> None:
    figure = morris(morris_table().assign(seed_noise=np.nan), "adopted")
    assert "noise" not in words_of(figure) and "nan" not in words_of(figure)
    assert not [line for axes in figure.axes for line in axes.lines if line.get_linestyle() == "--"]


def test_bars_of_indices_are_sorted_by_total_order() -> None:
    table = indices_table()
    axes = index_bars(table, "adopted", NAMED).axes[0]
    total = table[table["index"] == "ST"]["value"].sort_values(ascending=False)
    first = table[table["index"] == "S1"]["value"].sort_values(ascending=False)
    assert [bar.get_width() for bar in bars_of(axes)] == [*total, *first]
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first row is at the top"
    assert axes.get_yticklabels()[0].get_text() == "predisposition sd (sigma_eps)"


def test_the_dummy_of_pawn_is_a_line_and_no_bar() -> None:
    axes = index_bars(pawn_table(), "adopted").axes[0]
    assert len(bars_of(axes)) == 6
    assert any(list(np.asarray(line.get_xdata())) == [0.06, 0.06] for line in axes.lines)


def test_convergence_shows_the_largest_and_says_of_how_many() -> None:
    figure = index_convergence(convergence_table(12), "adopted")
    assert "The largest 8 of 12." in words_of(figure)
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["32", "64", "128", "256"]


def test_maps_of_indices_have_a_row_a_parameter_and_numbers_in_hundredths() -> None:
    weeks = index_weeks(weeks_table(), "adopted").axes[0]
    assert np.asarray(weeks.images[0].get_array()).shape == (6, 12)
    assert weeks.texts[11].get_text() == "50"
    pairs = index_pairs(indices_table(), "adopted", most=4).axes[0]
    shown = np.asarray(pairs.images[0].get_array().filled(np.nan))  # type: ignore[union-attr]
    assert shown.shape == (4, 4)
    assert np.isnan(shown[np.triu_indices(4, 1)]).all() and not np.isnan(shown[np.tril_indices(4)]).any()


@pytest.mark.parametrize("draw", [index_bars, index_convergence, index_weeks, index_pairs])
def test_tables_without_indices_are_refused(draw: Callable[..., Figure]) -> None:
    table = indices_table().assign(n=8, week=3)
    with pytest.raises(ValueError, match="the table"):
        draw(table[table["index"] == "none"], "adopted")
    with pytest.raises(ValueError, match="the table lacks value"):
        draw(table.drop(columns="value"), "adopted")


# Words and labels.


def test_chinese_is_shown_only_by_a_font_that_has_it() -> None:
    assert label("敦根", "Dungen", ["DejaVu Sans"]) == "Dungen"
    assert label("Dūngēn", "Dungen", ["DejaVu Sans"]) == "Dūngēn"
    assert safe("敦根 village 村", ["DejaVu Sans"]) == "? village ?"
    assert safe("tab\tand bell\x07", ["DejaVu Sans"]) == "tab?and bell?"
    assert drawable(label("敦根", "Dungen"))


def test_dollars_are_not_mathematics() -> None:
    words = words_of(outcome_curves(curves_table(), scenarios=["donation"], labels={"donation": r"a $\alpha$ b_c^d $"}))
    assert r"$\alpha$" in words


def test_labels_are_spread_without_overlap() -> None:
    heights = [10.0, 20.0, 10.0, 10.0]
    places = spread([50.0, 50.0, 52.0, 3.0], heights, 0.0, 100.0)
    edges = sorted((place - h / 2, place + h / 2) for place, h in zip(places, heights, strict=True))
    assert all(low[1] <= high[0] + 1e-9 for low, high in pairwise(edges))
    assert edges[0][0] >= 0 and edges[-1][1] <= 100
    assert spread([20.0, 80.0], [10.0, 10.0], 0.0, 100.0) == [20.0, 80.0]


def test_marks_that_meet_lie_on_levels() -> None:
    assert levels([(0, 26), (13, 30), (26, 40), (14, 15)]) == [0, 1, 0, 2]


def test_lines_are_broken_by_their_width() -> None:
    lines = wrapped("Household contact by party members of the village", 30, SMALL).split("\n")
    assert len(lines) > 1
    assert max(text_width(line, SMALL) for line in lines) <= 30
    assert all(text_width(line, SMALL) <= 10 for line in wrapped("x" * 40, 10, SMALL).split("\n"))


def test_a_front_fills_what_is_on_it_and_stars_the_chosen() -> None:
    """Of 16 mixes one is chosen and four are on the front, three of these as dots; one is beyond the budget."""
    panels = front(policies(), {"yuan": 3e5}).axes
    for axes in panels:
        marks = [line for line in axes.get_lines() if line.get_marker() in ("o", "*", "x")]
        assert [line.get_marker() for line in marks].count("*") == 1
        filled = [line for line in marks if line.get_marker() == "o" and line.get_markerfacecolor() != "white"]
        assert (len(marks), len(filled), [line.get_marker() for line in marks].count("x")) == (16, 3, 1)
    limits = [[line.get_xdata()[0] for line in axes.get_lines() if line.get_linestyle() == "--"] for axes in panels]
    assert limits == [[3e5], [], []]


def test_shares_are_sorted_and_only_clear_ones_are_filled() -> None:
    axes = draw_shares(shares()).axes[0]
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert [round(bar.get_width(), 6) for bar in bars] == [40, 20, 10, 5, 0.4, -0.2]
    assert [to_hex(bar.get_facecolor()) == "#ffffff" for bar in bars] == [False] * 4 + [True] * 2
    carried_bars = [patch.get_width() for patch in draw_carried(carried()).axes[0].patches]
    assert carried_bars == sorted(carried_bars, reverse=True) and len(carried_bars) == 6


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: outcome_curves(curves_table().drop(columns="q05")), "lacks q05"),
        (lambda: outcome_curves(curves_table().iloc[:0]), "no rows"),
        (lambda: outcome_curves(curves_table(), "happiness"), "happiness"),
        (lambda: outcome_curves(curves_table(), scenarios=["x"]), "no scenario x"),
        (lambda: ladder(curves_table().query("outcome != 'pushed'")), "watching, pushed"),
        (lambda: forest(effects_table(), ("happiness",)), "happiness"),
        (lambda: attribution(differences_table().drop(columns="flow")), "lacks flow"),
        (lambda: front(policies().drop(columns="hours"), {}), "lacks hours"),
        (lambda: allocation(policies(), ["council"]), "lacks strength.council"),
        (lambda: draw_shares(shares(), "happiness"), "no shares of happiness"),
    ],
)
def test_a_table_that_lacks_something_is_refused(draw: Callable[[], Figure], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw()


def test_shares_are_the_outcomes_that_the_model_calls_so() -> None:
    outcomes = pytest.importorskip("sim.outcomes")
    units = {outcome.name: outcome.unit for outcome in (*outcomes.WEEKLY, *outcomes.TOTALS)}
    assert {name for name, unit in units.items() if unit == "share"} == set(SHARES)
