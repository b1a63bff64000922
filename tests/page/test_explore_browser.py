"""`grassroots explore` in a real browser: sliders, runs, languages, files; skipped where there is no Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.explore.server import Server
from sim.runs.single import run
from sim.scenario import load_scenario
from tests.page.browsing import Opened, open_page
from tests.page.exploring import served

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="the browser's tests need playwright (pip install playwright)"
)
SMALL = """\
extends: veteran_role_model_and_donation
title: A small village
weeks: 40
village: {households: 60, party_members: 6, volunteers: 2, worthies: 1, representatives: 1}
"""
PAIRS = 4
FIRST, WHOLE = "#progress[data-pairs]", f"#progress[data-pairs='{PAIRS}']"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("explore")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("sim.explore.answers.PAIRS", PAIRS)
        with served(Path("."), "small.yaml") as server:
            yield server


@pytest.fixture
def opened(browser: Any, server: Server) -> Iterator[Opened]:
    opened = open_page(browser, server.address, 1280, FIRST)
    yield opened
    assert opened.complaints == []
    assert all(url.startswith((server.address, "data:", "blob:")) for url in opened.requests)
    opened.page.close()


def control(page: Any, place: str, key: str) -> Any:
    return page.locator(f"[data-key='{place} {key}']")


def share(page: Any, side: int) -> str:
    return page.inner_text(f"[data-part=share{side}]")


def adopted(path: Path | str, **values: float) -> str:
    overrides = {key.replace("__", "."): value for key, value in values.items()}
    return f"{100 * run(load_scenario(path, overrides)).totals['adopted']:.1f} %"


def test_a_slider_gives_the_numbers_of_the_run(opened: Opened) -> None:
    page = opened.page
    assert "“A: No programme”" in page.inner_text("#finding")
    key = "interventions.donation.yuan"
    assert share(page, 1) == adopted("small.yaml")
    control(page, "slider B", key).fill("2000000")
    sync_api.expect(page.locator(f"[data-key='B {key}']")).to_have_value("2000000")
    larger = adopted("small.yaml", interventions__donation__yuan=2e6)
    assert larger != adopted("small.yaml")
    sync_api.expect(page.locator("[data-part=share1]")).to_have_text(larger)
    without = {"interventions__donation__strength": 0, "interventions__role_model__strength": 0}
    assert share(page, 0) == adopted("small.yaml", **without)
    page.click("details[data-of=uncertain] summary")
    control(page, "world", "household.predisposition").fill("-1")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("[data-part=share0]")).to_have_text(
        adopted("small.yaml", **without, household__predisposition=-1)
    )
    page.wait_for_selector(WHOLE)


def test_a_mistake_stands_beside_its_control_as_the_commands_line(opened: Opened) -> None:
    page = opened.page
    before = share(page, 1)
    number = control(page, "B", "interventions.role_model.message")
    number.fill("3")
    number.press("Enter")
    line = page.locator(".control", has=number).locator(".error")
    sync_api.expect(line).to_have_text(
        re.compile(r"^B:\d+: interventions\.role_model\.message is 3; it must be a number")
    )
    assert share(page, 1) == before and page.locator(".error:visible").count() == 1
    page.click("[data-key='usual B interventions.role_model.message']")
    sync_api.expect(page.locator(".error:visible")).to_have_count(0)
    assert share(page, 1) == before


def test_interventions_are_left_out_and_added(opened: Opened) -> None:
    page = opened.page
    page.click("[data-key='drop B donation']")
    page.select_option("[data-key=addB]", "charter")
    sync_api.expect(page.locator("#finding")).to_contain_text("B: Role model, charter")
    page.wait_for_selector(WHOLE)
    file = page.locator("#files pre").last
    assert file.text_content() == (
        "extends: small.yaml\ntitle: Role model, charter\ninterventions:\n- {name: donation, drop: true}\n- {kind: charter}\n"
    )
    own = {"extends": "small.yaml", "interventions": [{"name": "donation", "drop": True}, {"kind": "charter"}]}
    mine = Path("mine.yaml")
    mine.write_text(yaml.safe_dump(own), encoding="utf-8")
    assert share(page, 1) == adopted("mine.yaml")
    mine.unlink()


def test_it_saves_asks_before_it_overwrites_and_writes_the_commands_report(opened: Opened, tmp_path: Path) -> None:
    page = opened.page
    page.locator("#files summary").last.click()
    page.fill("[data-key='name B']", "../mine")
    page.click("[data-key='save B']")
    sync_api.expect(page.locator("#files .error")).to_contain_text("must be one word")
    page.fill("[data-key='name B']", "mine")
    page.click("[data-key='save B']")
    sync_api.expect(page.locator("#files")).to_contain_text("Saved: mine.yaml")
    assert Path("mine.yaml").read_text("utf-8") == "extends: small.yaml\n"
    Path("mine.yaml").write_text("extends: donation\n", encoding="utf-8")
    page.click("[data-key='save B']")
    sync_api.expect(page.locator("#files")).to_contain_text("mine.yaml is there already.")
    assert Path("mine.yaml").read_text("utf-8") == "extends: donation\n"
    page.click("text=Overwrite it")
    sync_api.expect(page.locator("#files")).to_contain_text("Saved")
    assert Path("mine.yaml").read_text("utf-8") == "extends: small.yaml\n"
    Path("mine.yaml").unlink()
    page.wait_for_selector(WHOLE)
    with page.expect_download() as download:
        page.click("[data-key=report]")
    download.value.save_as(tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text("utf-8")
    finding = page.inner_text("#finding").split("adopted, against ")[1].replace("A: ", "").replace("\u00a0", " ")
    assert finding in text.replace("\u00a0", " ")
    assert "grassroots compare A.yaml B.yaml --replicates 4 --seed 0 --weeks 40" in text
    assert "extends: small.yaml" in text and "default-src &#39;none&#39;" not in text and "default-src 'none'" in text


def test_a_household_is_explained_in_any_week_also_in_chinese(opened: Opened) -> None:
    page = opened.page
    page.fill("[data-part=household]", "5")
    page.keyboard.press("Enter")
    for week in (40, 17):
        page.locator("[data-part=week]").fill(str(week))
        sync_api.expect(page.locator(".panel")).to_contain_text(f"Score after week {week}:")
    assert page.locator(".panel table.score").count() == 2
    assert "Scores are kept" not in page.inner_text(".panel")
    page.click("#language")
    sync_api.expect(page.locator("[data-part=play]")).to_contain_text("播放")
    text = page.inner_text("body")
    assert "老党员带头" in text and "个百分点" in text and "两种办法对着看" in text
    assert not any(word in text for word in ("Explore", "Scenario A", "percentage points", "Download", "Leave out"))
    page.click("[data-part=play]")
    sync_api.expect(page.locator("[data-part=week]")).not_to_have_value("40")
    page.click("[data-part=play]")
    page.click("#language")
    assert "Explore two programmes" in page.inner_text("body")


def test_keys_go_through_the_page_in_its_order(opened: Opened) -> None:
    page = opened.page
    order = []
    for _ in range(5):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.dataset.key"))
    assert order == ["language", "sideA", "drop A role_model", "drop A donation", "addA"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#finding")).to_contain_text("A: Donation")
    assert page.evaluate("document.activeElement.dataset.key") == "drop A donation"


def test_nothing_is_in_the_way_of_assistive_technology(browser: Any, server: Server) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    opened = open_page(browser, f"{server.address}#zh", 390, FIRST)
    opened.page.locator("#files summary").last.click()
    found = axe.Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    opened.page.close()
