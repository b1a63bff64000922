"""Write ``docs/reference/``, and the schema of commands' output, from the code and the register: ``python -m sim.reference``.

Parameters, columns, interventions, outcomes, records, phases, figures and tables of output are described where they are
defined and nowhere else; these pages only present them, in the order of the code or of the register. A test fails when a file
is out of date. Left out: everything that needs judgement, which is in ``docs/ODD.md``.
"""

from __future__ import annotations

from pathlib import Path

from sim.base.errors import InputError
from sim.reference.evidence import evidence_page
from sim.reference.figures import figures_page
from sim.reference.interventions import interventions_page
from sim.reference.markdown import COMMAND
from sim.reference.model import outcomes_page, parameters_page, phases_page, state_page
from sim.reference.output import schema_text, tables_page

__all__ = ["COMMAND", "FOLDER", "SCHEMA", "main", "pages", "schema_text"]

_ROOT = Path(__file__).resolve().parents[2]
FOLDER = _ROOT / "docs" / "reference"
SCHEMA = _ROOT / "sim" / "commands" / "output.schema.json"


def pages() -> dict[str, str]:
    """Return the text of every page by file name."""
    written = {
        "parameters.md": parameters_page(),
        "state.md": state_page(),
        "interventions.md": interventions_page(),
        "outcomes.md": outcomes_page(),
        "evidence.md": evidence_page(),
        "phases.md": phases_page(),
        "tables.md": tables_page(),
        "figures.md": figures_page(),
    }
    return {name: "\n\n".join(parts) + "\n" for name, parts in written.items()}


def main() -> None:
    """Write the pages and the schema into the checkout."""
    if not FOLDER.parent.is_dir():
        raise InputError(
            "the pages can only be written in a checkout; an installed package has no docs/", FOLDER.parent
        )
    FOLDER.mkdir(exist_ok=True)
    written = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    print(SCHEMA.relative_to(_ROOT))
