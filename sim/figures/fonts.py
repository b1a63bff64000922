"""Fonts: find one with Chinese characters, and never draw a character that no font has."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from matplotlib import font_manager, ft2font

LATIN = "DejaVu Sans"
"""Matplotlib includes this font, so figures look the same on all machines."""
CJK = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans CJK TC",
    "Noto Sans CJK JP", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "Heiti SC", "Droid Sans Fallback", "Arial Unicode MS",
)  # fmt: skip

BOX = "\N{WHITE SQUARE}"
"""What stands for characters that no font has."""
MISSING: set[str] = set()
"""The characters that no font had so far, for a note to the user."""


def cjk_font() -> str | None:
    """Return the first installed font family of `CJK`, or None."""
    if _first_installed(len(font_manager.fontManager.ttflist)) is None:
        _add_new_fonts()
    return _first_installed(len(font_manager.fontManager.ttflist))


@cache
def _add_new_fonts() -> None:
    """Add the fonts of `CJK` that were installed after Matplotlib made its list of fonts, which it keeps."""
    listed = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        try:
            if path not in listed and ft2font.FT2Font(path).family_name in CJK:
                font_manager.fontManager.addfont(path)
        except (OSError, RuntimeError):  # a damaged font is as good as none
            continue


@cache
def _first_installed(_: int) -> str | None:
    installed = {entry.name for entry in font_manager.fontManager.ttflist if Path(entry.fname).is_file()}
    return next((family for family in CJK if family in installed), None)


def families() -> list[str]:
    """Return the font families for figures; each character is taken from the first family that has it."""
    chinese = cjk_font()
    return [LATIN, chinese, "sans-serif"] if chinese else [LATIN, "sans-serif"]


@cache
def _characters(family: str) -> frozenset[int]:
    path = font_manager.findfont(font_manager.FontProperties(family=[family]))
    return frozenset(ft2font.FT2Font(path).get_charmap())


@cache
def _advance(character: str, chinese: str | None) -> float:
    """Return the width of a character in units of its font size."""
    for family in (LATIN, chinese):
        if family and ord(character) in _characters(family):
            font = ft2font.FT2Font(font_manager.findfont(font_manager.FontProperties(family=[family])))
            font.set_size(100.0, 72)
            return float(font.load_char(ord(character), ft2font.LoadFlags.NO_HINTING).linearHoriAdvance) / 6553600
    return 1.0


def text_width(text: str, size: float) -> float:
    """Return the width in mm of a line of text with this font size (points)."""
    chinese = cjk_font()
    return sum(_advance(character, chinese) for character in text) * size * 25.4 / 72


def drawable(text: str, fonts: Sequence[str] | None = None) -> bool:
    """Return whether the fonts (by default those of figures) have all characters of the text."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return True
    known = [_characters(family) for family in (families() if fonts is None else fonts)]
    return all(c == "\n" or (c.isprintable() and any(ord(c) in font for font in known)) for c in text)


def safe(text: str, fonts: Sequence[str] | None = None) -> str:
    """Return the text with every run of characters that no font has replaced by one `BOX`, and note them in `MISSING`."""
    if drawable(text, fonts):
        return text
    MISSING.update(c for c in text if c.isprintable() and not drawable(c, fonts))
    return "".join("".join(run) if good else BOX for good, run in groupby(text, lambda c: drawable(c, fonts)))


def label(text: str, fallback: str, fonts: Sequence[str] | None = None) -> str:
    """Return the text, such as a name in Chinese, if the fonts have all its characters, and else the fallback."""
    return text if drawable(text, fonts) else safe(fallback, fonts)
