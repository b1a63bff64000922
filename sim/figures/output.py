"""Output: write a figure as PNG, SVG or PDF, the same bytes every time, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.figures.style import DPI, styled
from sim.results.files import write_bytes


def _png(figure: Figure, stream: BytesIO) -> None:
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(stream, metadata={"Software": None})


def _svg(figure: Figure, stream: BytesIO) -> None:
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(stream, metadata={"Date": None, "Creator": None})


def _pdf(figure: Figure, stream: BytesIO) -> None:
    canvas: Any = FigureCanvasPdf(figure)
    canvas.print_pdf(stream, metadata={"CreationDate": None, "Creator": None, "Producer": None})


WRITERS: dict[str, Callable[[Figure, BytesIO], None]] = {"png": _png, "svg": _svg, "pdf": _pdf}
"""Each format with the function that writes it; their canvases draw once, where Figure.savefig would draw twice."""


def save(
    figure: Figure, path_without_suffix: str | Path, formats: Sequence[str] = ("png", "svg")
) -> tuple[Path, ...]:  # fmt: skip
    """Write the figure in these formats (PNG with 200 dpi, SVG and PDF with text as text) and return the paths.

    Each file is replaced in one step, and carries no time, version or random name.
    """
    base = Path(path_without_suffix)
    paths = tuple(base.with_name(f"{base.name}.{kind}") for kind in formats)
    with styled():
        for kind, path in zip(formats, paths, strict=True):
            figure.set_dpi(DPI)
            stream = BytesIO()
            WRITERS[kind](figure, stream)
            write_bytes(path, stream.getvalue())
        figure.set_dpi(DPI)
        FigureCanvasAgg(figure)
    return paths
