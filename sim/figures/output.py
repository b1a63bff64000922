"""Output: write a figure as PNG and SVG, the same bytes every time, whole or not at all."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.figures.style import DPI, styled
from sim.results.files import write_bytes


def save(figure: Figure, path_without_suffix: str | Path) -> tuple[Path, Path]:
    """Write the figure as PNG (200 dpi) and SVG (text as text) and return both paths.

    Each file is replaced in one step, and carries no time, version or random name.
    """
    base = Path(path_without_suffix)
    png, svg = base.with_name(base.name + ".png"), base.with_name(base.name + ".svg")
    # The canvases draw once, where Figure.savefig would draw twice.
    with styled():
        figure.set_dpi(DPI)
        raster: Any = FigureCanvasAgg(figure)
        buffer = BytesIO()
        raster.print_png(buffer, metadata={"Software": None})
        write_bytes(png, buffer.getvalue())
        vector: Any = FigureCanvasSVG(figure)
        buffer = BytesIO()
        vector.print_svg(buffer, metadata={"Date": None, "Creator": None})
        write_bytes(svg, buffer.getvalue())
        figure.set_dpi(DPI)
        FigureCanvasAgg(figure)
    return png, svg
