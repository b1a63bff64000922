"""The page of a comparison in a real browser: Chromium by Playwright; skipped where there is none.

apt-get install chromium fonts-noto-cjk; pip install playwright axe-playwright-python
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.engine.outcomes import GROUPS
from sim.page.comparison import comparison_page
from sim.results.manifest import read_manifest
from sim.runs.single import run
from sim.scenario import load_scenario
from tests.page.browsing import Opened, open_page
from tests.page.conftest import OPENED, Kept, command

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="the browser's tests need playwright (pip install playwright)"
)


def opened_in(browser: Any, kept: Kept, width: int, **options: Any) -> Opened:
    return open_page(browser, kept.page.as_uri(), width, "#viewer[data-ready]", **options)


@pytest.fixture
def opened(browser: Any, kept: Kept) -> Iterator[Opened]:
    opened = opened_in(browser, kept, 1280)
    yield opened
    assert opened.complaints == []
    assert opened.requests == [kept.page.as_uri()]
    opened.page.close()


def week(page: Any) -> int:
    return int(page.input_value("[data-part=week]"))


def go(page: Any, number: int) -> None:
    page.locator("[data-part=week]").fill(str(number))


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def replicate(kept: Kept) -> int:
    text = kept.html.split("Replicate ")[1].split(" of seed")[0]
    return int(text)


def test_it_plays_pauses_and_steps(opened: Opened) -> None:
    page = opened.page
    assert week(page) == 104
    page.click("[data-part=play]")
    sync_api.expect(page.locator("[data-part=week]")).not_to_have_value("104")
    page.click("[data-part=play]")
    stopped = week(page)
    page.wait_for_timeout(300)
    assert week(page) == stopped < 104
    page.click("[data-part=forward]")
    assert week(page) == stopped + 1
    page.click("[data-part=back]")
    assert week(page) == stopped


def test_keys_play_step_and_go_to_the_ends(opened: Opened) -> None:
    page = opened.page
    page.locator(".maps").focus()
    page.keyboard.press("Home")
    assert week(page) == 1
    page.keyboard.press("ArrowRight")
    assert week(page) == 2
    page.keyboard.press(" ")
    sync_api.expect(page.locator("[data-part=week]")).not_to_have_value("2")
    page.keyboard.press(" ")
    page.keyboard.press("End")
    assert week(page) == 104


def test_shares_under_the_maps_are_those_of_the_runs(opened: Opened, kept: Kept) -> None:
    page = opened.page
    totals = pd.read_parquet(kept.folder / "totals.parquet")
    mine = totals[totals["replicate"] == replicate(kept)].set_index("scenario")["adopted"]
    assert page.inner_text("[data-part=share0]") == percent(mine["baseline"])
    assert page.inner_text("[data-part=share1]") == percent(mine["veteran_role_model"])
    page.select_option("[data-part=right]", index=3)
    assert page.inner_text("[data-part=share1]") == percent(mine["veteran_role_model_and_donation"])
    weekly = run("veteran_role_model_and_donation", 0, replicate(kept)).columns
    for number in (1, 17, 60):
        go(page, number)
        row = (number - 1) * len(GROUPS)
        assert page.inner_text("[data-part=share1]") == percent(float(weekly["adopted"][row]))
        ladder = page.inner_text(".ladder")
        for outcome in ("watching", "pushed", "helping", "self_initiated", "clean"):
            assert percent(float(weekly[outcome][row])) in ladder, outcome
        spent = sum(
            float(np.sum(weekly[name][: row + 1 : len(GROUPS)])) for name in weekly if name.startswith("spent_")
        )
        assert f"{spent:,.0f} yuan" in ladder


def test_the_table_of_a_curve_is_that_of_the_kept_table(opened: Opened, kept: Kept) -> None:
    page = opened.page
    page.click(".viewer details summary")
    curves = pd.read_parquet(kept.folder / "curves.parquet")
    mine = curves[(curves["group"] == "all") & (curves["outcome"] == "adopted") & (curves["week"] == 103)]
    shown = page.inner_text(".viewer details tbody tr:last-child")
    for row in mine.to_dict("records"):
        mean, low, high = (f"{100 * round(row[key], 4):.1f}" for key in ("mean", "q05", "q95"))
        assert f"{mean} % ({low} %–{high} %)" in shown, row["scenario"]


def test_a_household_says_what_it_is_and_what_moved_it(opened: Opened) -> None:
    page = opened.page
    assert page.locator(".panel").is_hidden()
    page.locator("[data-part=map1]").click(position={"x": 4, "y": 4})
    assert page.locator(".panel").is_visible()
    assert page.input_value("[data-part=household]") == "1"
    text = page.inner_text(".panel")
    assert "Household 1" in text and "predisposition" in text and "Scores are kept for weeks 1, 26, 52, 104." in text
    page.fill("[data-part=household]", "700")
    page.keyboard.press("Enter")
    assert "Household 700" in page.inner_text(".panel")
    page.click(".panel button")
    assert page.locator(".panel").is_hidden()


def test_it_speaks_chinese(opened: Opened) -> None:
    page = opened.page
    page.click("#language")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    sync_api.expect(page.locator("[data-part=play]")).to_contain_text("播放")
    text = page.inner_text("main")
    assert "个百分点" in text and "自发" in text and "老党员带头、乡贤捐赠" in text
    assert "percentage points" not in text and "What was found" not in text
    assert not any(element.is_visible() for element in page.query_selector_all("main [lang=en]"))
    page.click("#language")
    assert page.get_attribute("html", "lang") == "en"
    assert "What was found" in page.inner_text("main")


def test_titles_from_files_are_text(opened: Opened) -> None:
    assert 'A <b>smaller</b> gift & "thanks"</script><script>alert(1)</script>' in opened.page.inner_text("main")
    assert "smaller" in opened.page.inner_text("[data-part=left]")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_in_the_way_of_assistive_technology(browser: Any, kept: Kept, width: int, language: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    opened = opened_in(browser, kept, width)
    if language == "zh":
        opened.page.click("#language")
    opened.page.fill("[data-part=household]", "1")
    opened.page.keyboard.press("Enter")
    opened.page.click(".viewer details summary")
    found = axe.Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    opened.page.close()


@pytest.mark.parametrize("name", OPENED)
def test_pages_of_other_analyses_speak_both_languages_to_everyone(
    browser: Any, opened_analyses: Path, name: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    opened = open_page(browser, (opened_analyses / f"{name}.html").as_uri(), 390, "h1")
    if name == "donation":  # a single run is played
        sync_api.expect(opened.page.locator("[data-part=play]")).to_contain_text("Play")
        assert opened.page.locator(".maps canvas").count() == 1
    opened.page.click("#language")
    assert "结论" in opened.page.inner_text("main") and "What was found" not in opened.page.inner_text("main")
    found = axe.Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not opened.complaints
    assert all(request.startswith(("file:", "data:image/")) for request in opened.requests)
    opened.page.close()


def test_villages_of_a_town_have_small_maps_and_pages_of_their_own(browser: Any, tmp_path: Path) -> None:
    small = "{households: 60, party_members: 6, volunteers: 2, worthies: 1, representatives: 1}"
    for name, interventions in (("plain", "[]"), ("charter", "[{kind: charter}]")):
        text = (
            f"extends: baseline\ntitle: Three villages, {name}\nvillage: {small}\nvillages: [{{name: v, copies: 3}}]\n"
        )
        (tmp_path / f"{name}.yaml").write_text(f"{text}interventions: {interventions}\n", encoding="utf-8")
    results, page = tmp_path / "results", tmp_path / "page.html"
    command("compare", tmp_path / "plain.yaml", tmp_path / "charter.yaml", "--replicates", 2, "--weeks", 30,
            "--results", results, "--quiet")  # fmt: skip
    command("report", results / "comparison", "-o", page)
    opened = opened_in(browser, Kept(results, next((results / "comparison").iterdir()), page), 1280)
    number = replicate(Kept(results, results, page))
    weekly = run(load_scenario(tmp_path / "charter.yaml"), 0, number, 30).by_village
    last = weekly[(weekly["group"] == "all") & (weekly["week"] == 29)].set_index("village")["adopted"]
    assert opened.page.inner_text("[data-part=share1]") == percent(last.mean())
    for village, share in last.items():
        opened.page.select_option("[data-part=village]", label=village)
        assert opened.page.inner_text("[data-part=share1]") == percent(share)
    opened.page.select_option("[data-part=village]", label="All villages")
    opened.page.locator("[data-part=map0]").click(position={"x": 4, "y": 30})
    assert opened.page.input_value("[data-part=village]") == "0"
    assert opened.complaints == []
    opened.page.close()


def test_without_a_replay_there_are_curves(browser: Any, kept: Kept, tmp_path: Path) -> None:
    """As over draws, where no pair is typical."""
    tables = {path.stem: pd.read_parquet(path) for path in kept.folder.glob("*.parquet")}
    names = ("baseline", "veteran_role_model", "mine", "veteran_role_model_and_donation")
    scenarios = {name: load_scenario(kept.root.parent / "mine.yaml" if name == "mine" else name) for name in names}
    page = tmp_path / "page.html"
    page.write_text(comparison_page(read_manifest(kept.folder), tables, scenarios, None), encoding="utf-8")
    opened = opened_in(browser, Kept(kept.root, kept.folder, page), 1280)
    assert opened.page.locator("[data-part=play]").count() == 0 and opened.page.locator(".chart path").count() == 8
    opened.page.click("#language")
    sync_api.expect(opened.page.locator("main")).to_contain_text("没有一对运行能代表全部")
    assert opened.page.locator(".chart path").count() == 8 and opened.complaints == []
    opened.page.close()


def test_on_paper_there_are_maps_and_no_controls(browser: Any, kept: Kept) -> None:
    opened = opened_in(browser, kept, 760)
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("[data-part=play]").is_visible()
    maps = opened.page.locator(".printed canvas")
    assert maps.count() == 8 and maps.first.is_visible()
    drawn = maps.last.evaluate(
        "map => new Set(map.getContext('2d').getImageData(0, 0, map.width, map.height).data).size"
    )
    assert drawn > 4
    assert len(opened.page.pdf(format="A4")) > 10_000
    opened.page.close()


def test_who_prefers_less_motion_gets_two_weeks_a_second(browser: Any, kept: Kept) -> None:
    calm = opened_in(browser, kept, 1280, reduced_motion="reduce")
    assert calm.page.input_value("[data-part=speed]") == "2"
    calm.page.close()


def test_without_scripts_the_findings_are_there(browser: Any, kept: Kept) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(kept.page.as_uri())
    text = page.inner_text("main")
    assert "percentage points more" in text and "need JavaScript" in text
    page.close()
