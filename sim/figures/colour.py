"""Colours for colour-blind readers and grey print: Okabe and Ito's palette, and a ramp for the ladder."""

from __future__ import annotations

from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb

from sim.engine.outcomes import label_of
from sim.engine.world.columns import RUNGS

PALETTE = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#F0E442")
"""Okabe and Ito's colours from dark to light. The last is too light for lines on white."""

SHADES = LinearSegmentedColormap.from_list("shades", ["#FFFFFF", PALETTE[5], PALETTE[1], "#062B45"])
"""From white to dark, for maps of values."""

RUNG_WORDS = tuple(label_of(rung).capitalize() for rung in RUNGS)
RUNG_COLOURS = ("#E9E4D8", "#E3A94A", "#2E7F78", "#12355B")
"""From light to dark up the ladder; neighbours are at least 15 L* apart."""
RUNG_HATCHES = ("", "....", "////", "")
INK, PALE = "#000000", "#767676"


def lightness(colour: str) -> float:
    """Return CIE L*, 0 (black) to 100 (white), of a colour under D65."""
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in to_rgb(colour))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return float(116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance)


def shade(share: float) -> str:
    """Return the colour of a share, 0 to 1, in `SHADES`."""
    red, green, blue, _ = (float(part) for part in SHADES(share))
    return to_hex((red, green, blue))


def ink_on(colour: str) -> str:
    """Return black or white, whichever contrasts more with the colour."""
    return "#000000" if lightness(colour) > 55 else "#FFFFFF"
