"""Chromium by Playwright for the tests of pages: what a page asked for, and what it complained of."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]  # fmt: skip


@dataclass
class Opened:
    """A page in the browser, what it asked for and what it complained of."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def open_page(browser: Any, address: str, width: int, ready: str, **options: Any) -> Opened:
    """Open a page and wait for the element `ready`. options : of Playwright's `new_page`."""
    opened = Opened(browser.new_page(viewport={"width": width, "height": 850}, **options))
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on("console", lambda message: opened.complaints.append(message.text))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.goto(address)
    opened.page.wait_for_selector(ready, timeout=60_000)
    return opened
