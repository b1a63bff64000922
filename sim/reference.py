"""Write the reference tables of ``docs/reference/`` from the code and the register: ``python -m sim.reference``.

Whatever can be counted (parameters, columns, levers, outcomes, records, phases) is told where it is defined and nowhere
else; these pages only lay it out, in the order of the code or of the register. A test fails when they are stale. Left
out: everything that needs judgement, which stands in ``docs/ODD.md``.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sim import mechanisms, week
from sim.analysis.priors import load_priors
from sim.errors import InputError
from sim.evidence import Register, load_register
from sim.evidence.text import figure, interval
from sim.fields import Frozen
from sim.interventions import KINDS, LEVER_VALUES, Intervention, Who
from sim.outcomes import GROUPS, TOTALS, WEEKLY, Outcome
from sim.scenario import load_scenario, provenance, scenario_names
from sim.scenario.shape import Block, Leaf, Shape, block, leaves
from sim.world import columns
from sim.world.columns import COLUMNS, State

COMMAND = "python -m sim.reference"
NOTE = f"Written by `{COMMAND}` from the code and `seeds/`; don't edit it, a test fails when it is stale."
FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"

Row = Sequence[str]

_ID = re.compile(r"\b([SLP]\d+)\b")


def pages() -> dict[str, str]:
    """Return the text of every page by the name of its file."""
    written = {
        "parameters.md": parameters_page(),
        "state.md": state_page(),
        "levers.md": levers_page(),
        "outcomes.md": outcomes_page(),
        "evidence.md": evidence_page(load_register()),
        "phases.md": phases_page(),
    }
    return {name: "\n\n".join(parts) + "\n" for name, parts in written.items()}


# parameters ----------------------------------------------------------------------------------------------------------


def parameters_page() -> list[str]:
    """Return the parts of the page on parameters: every number and word of the base, by block."""
    priors = {prior.key: prior for prior in load_priors()}
    groups: dict[str, list[Row]] = {}
    for key, value in provenance(load_scenario("base")).items():
        if value.shape.label or key.startswith(("villages.", "interventions.")):
            continue
        prior = priors.get(key)
        told = "" if prior is None else f"{interval(prior.low, prior.high, '')} ({prior.evidence})"
        span = _options(value.shape)
        row = (
            _code(key),
            value.symbol,
            _value(value.value),
            _unit(value.unit),
            span,
            value.evidence,
            told,
            value.meaning,
        )
        groups.setdefault(key.rpartition(".")[0], []).append(row)
    head = ("key", "symbol", "value", "unit", "range", "evidence or assumption", "prior interval", "meaning")
    parts = [
        "# Parameters",
        NOTE,
        "Values are those of `scenarios/base.yaml`, the default village without a programme. *Range* is what a scenario "
        "may say; *prior interval* (`scenarios/priors.yaml`) is what is held possible, every value in it equally likely. "
        "Ids lead to [evidence](evidence.md); `grassroots explain SCENARIO KEY` tells the same of any scenario.",
    ]
    for name, rows in groups.items():
        parts += [f"## {_code(name) if name else 'Scenario'}", table(head, rows)]
    return parts


# state ---------------------------------------------------------------------------------------------------------------


def state_page() -> list[str]:
    """Return the parts of the page on state: households' columns, then what the other arrays hold."""
    rows = [
        (_code(one.name), one.unit, one.meaning, ", ".join(map(_code, one.writers)) or "fixed", _code(one.block))
        for one in COLUMNS
    ]
    parts = [
        "# State",
        NOTE,
        "## Households",
        "One row a household, village after village. *Writers* are the modules of `sim.mechanisms` that alone may change "
        "a column while the model runs; a fixed one is set when the world is built.",
        table(("column", "unit", "meaning", "writers", "block"), rows),
        "## The other arrays",
        f"Arrays of `State`: {', '.join(map(_code, State._fields))}.",
        *_paragraphs(State),
    ]
    numbered = [(heading, ", ".join(names)) for heading, names in _numbered() if not heading.startswith("Households")]
    return [*parts, "Their rows, and what the numbers in columns stand for, counted from the first:",
            table(("what", "names"), numbered)]  # fmt: skip


def _numbered() -> Iterator[tuple[str, list[str]]]:
    """Yield the numbers that name rows, bits and kinds in columns.py, under the comment that stands above them.

    A name counts if it is one of a tuple, or if a remark stands behind it; other constants are sizes.
    """
    source = inspect.getsource(columns)
    lines = source.splitlines()
    heading, names = "", list[str]()
    assigned = {node.lineno: node for node in ast.parse(source).body if isinstance(node, ast.Assign)}
    for at, line in enumerate([*lines, ""], start=1):
        if line.startswith("# ") or not line:
            if heading and names:
                yield heading, names
            heading, names = line.removeprefix("# ").rstrip("."), []
        elif at in assigned and heading:
            (target,) = assigned[at].targets
            remark = line.partition("  # ")[2]
            if isinstance(target, ast.Tuple):
                names += [_code(ast.unparse(name)) for name in target.elts]
            elif remark:
                names.append(f"{_code(ast.unparse(target))} ({remark})")


# levers --------------------------------------------------------------------------------------------------------------


def levers_page() -> list[str]:
    """Return the parts of the page on levers: what all have, the named values, and each kind."""
    moved = {kind: _moves(kind) for kind in KINDS}
    values = [
        (_code(name), meaning, ", ".join(_code(kind) for kind in KINDS if name in moved[kind][0]) or "no lever")
        for name, meaning in LEVER_VALUES.items()
    ]
    common = block(Intervention)
    parts = [
        "# Levers",
        NOTE,
        "A lever says who, where, when, how strongly and at what price, and moves named values; mechanisms read those. "
        "At strength 0 it is absent, bit for bit.",
        _table_of_keys([row for key in common.fields if key != "kind" for row in _keys(key, common.fields[key])]),
        "Whom a lever chooses (`who`):",
        _table_of_keys(_keys("who", Block(Who, block(Who).fields, "", Who()), whole=False)),
        "## Named values",
        table(("value", "meaning", "moved by"), values),
    ]
    for kind, lever in KINDS.items():
        named, uses = moved[kind]
        gives = [f"gives money for {', '.join(uses)}"] if uses else []
        moves = [f"moves {', '.join(map(_code, named))}"] if named else []
        own = {
            key: part for key, part in block(lever).fields.items() if part != common.fields.get(key) and key != "kind"
        }
        parts += [
            f"## {_code(kind)}",
            f"*{_sentence('; '.join([lever.summary, *moves, *gives]))}.*",
            *_paragraphs(inspect.getmodule(lever)),
            _table_of_keys([row for key, part in own.items() for row in _keys(key, part)]),
        ]
    return parts


def _moves(kind: str) -> tuple[list[str], list[str]]:
    """Return the named values that a kind moves and the uses that it gives for, as it ships and by its defaults."""
    shipped = [item for name in scenario_names() for item in load_scenario(name).interventions if item.kind == kind]
    required = any(info.is_required() for key, info in KINDS[kind].model_fields.items() if key != "kind")
    items = shipped if required else [KINDS[kind].model_validate({"kind": kind}), *shipped]
    effects = {effect.value for item in items for effect in item.effects()}
    uses = {gift.use: None for item in items for gift in item.gifts() if gift.yuan > 0}
    return [name for name in LEVER_VALUES if name in effects], list(uses)


def _keys(key: str, part: Shape, default: Any = None, evidence: str = "", whole: bool = True) -> Iterator[Row]:
    """Yield the rows of a lever's key: one for a number, a word or a choice of households, one each for what a block holds.

    default, evidence : what the block around it says of this key. whole : a choice of households takes one row.
    """
    if isinstance(part, Leaf):
        given = part.default if default is None else default
        shown = _value(given) if part.has_default or default is not None else "to be set"
        yield _code(key), shown, _unit(part.unit), _options(part), evidence or part.evidence, part.meaning
    elif isinstance(part, Block):
        given = part.default if default is None else default
        if part.model is Who and whole:
            yield _code(key), _spoken(given), "", "see `who`", evidence or part.evidence, part.meaning
            return
        for name, inner in part.fields.items():
            spoken = isinstance(given, Frozen) and name in given.model_fields_set
            yield from _keys(
                f"{key}.{name}", inner, getattr(given, name, None), (evidence or part.evidence) if spoken else "", whole
            )


def _spoken(given: Frozen | None) -> str:
    """Return what a block's default says itself, such as ``group: member``."""
    said = [] if given is None else [key for key in type(given).model_fields if key in given.model_fields_set]
    return ", ".join(f"{key}: {_value(getattr(given, key))}" for key in said) or "everyone"


def _table_of_keys(rows: Iterable[Row]) -> str:
    return table(("key", "default", "unit", "range", "evidence or assumption", "meaning"), rows)


# outcomes ------------------------------------------------------------------------------------------------------------


def outcomes_page() -> list[str]:
    """Return the parts of the page on outcomes."""
    return [
        "# Outcomes",
        NOTE,
        "## Weekly",
        f"A row for each week and each group of households ({', '.join(map(_code, GROUPS))}); what is not told by group "
        "stands in the rows of the first.",
        table(("outcome", "unit", "by group", "meaning"), [_outcome(one, one.by_group) for one in WEEKLY]),
        "## Totals of a run",
        table(("outcome", "unit", "meaning"), [_outcome(one) for one in TOTALS]),
    ]


def _outcome(one: Outcome, by_group: bool | None = None) -> Row:
    middle = () if by_group is None else ("yes" if by_group else "",)
    return (_code(one.name), one.unit, *middle, one.meaning)


# evidence ------------------------------------------------------------------------------------------------------------


def evidence_page(register: Register) -> list[str]:
    """Return the parts of the page on evidence: documents, records, figures worked out, patterns, literature."""
    resting, named = _resting()

    def rests(id: str) -> Row:
        return ", ".join(map(_code, resting.get(id, []))), ", ".join(map(_code, named.get(id, [])))

    records = register.records.values()
    documents = [
        (one.short, one.title, one.date, one.place, one.publisher, one.condition, one.caution)
        for one in register.documents.values()
    ]
    patterns = [
        (
            one.id, one.use, one.statement, ", ".join(one.records),
            "; ".join(f"{band.quantity}: {interval(band.low, band.high, band.unit)} ({band.basis})" for band in one.bands),
            *rests(one.id), one.caution,
        )
        for one in register.patterns.values()
    ]  # fmt: skip
    literature = [
        (
            one.id, one.mechanism, one.citation, one.finding, one.status,
            "" if one.low is None and one.high is None else interval(one.low, one.high, one.unit),
            *rests(one.id), one.caution,
        )
        for one in register.literature.values()
    ]  # fmt: skip
    parts = [
        "# Evidence",
        NOTE,
        "*Rests on it*: parameters whose value, or whose prior interval, cites the entry. *Named in words*: parameters "
        "whose assumption mentions it without resting on it. Keys of levers begin with the kind.",
        "## Documents",
        table(("id", "title", "date", "place", "publisher", "condition", "caution"), documents),
    ]
    head = ("id", "use", "measures", "value", "place, date", "paragraph", "rests on it", "named in words", "caution")
    for document in register.documents.values():
        rows = [
            (
                one.id, one.use, one.measures, figure(one) or one.statement, f"{one.place}; {one.date}",
                str(one.locator.paragraph), *rests(one.id), "; ".join(filter(None, (one.why, one.caution))),
            )
            for one in records
            if one.document == document.short
        ]  # fmt: skip
        parts += [f"## Records of document {document.short}", table(head, rows)]
    derived = [
        (_code(one.name), f"{register.resolve(one.name).value:.6g}", one.unit, _code(one.expression), one.note)
        for record in records
        for one in record.derived.values()
    ]
    return [
        *parts,
        "## Figures worked out from records",
        table(("name", "value", "unit", "expression", "note"), derived),
        "## Patterns",
        table(("id", "use", "statement", "records", "bands", "rests on it", "named in words", "caution"), patterns),
        "## Literature",
        "Status *memory* means recalled and unread: not to be cited as established.",
        table(
            ("id", "mechanism", "citation", "finding", "status", "prior", "rests on it", "named in words", "caution"),
            literature,
        ),
    ]  # fmt: skip


def _resting() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return, for each entry of the register, the keys that rest on it and those whose assumption only names it."""
    resting: dict[str, set[str]] = {}
    named: dict[str, set[str]] = {}

    def note(key: str, records: Iterable[str], text: str) -> None:
        cited = {record.partition(".")[0] for record in records}
        for record in cited:
            resting.setdefault(record, set()).add(key)
        for record in set(_ID.findall(text)) - cited:
            named.setdefault(record, set()).add(key)

    for name in ["base", *scenario_names()]:
        scenario = load_scenario(name)
        kinds = {item.name: item.kind for item in scenario.interventions}
        for key, value in provenance(scenario).items():
            lever = key.split(".")
            if lever[0] == "interventions":
                key = ".".join([kinds[lever[1]], *lever[2:]])
            elif lever[0] == "villages":
                continue  # shared with `village`, or a place's own
            # Defaults of levers are told below, once.
            if value.file:
                note(key, value.records, value.evidence)
    for prior in load_priors():
        cited, _, assumption = prior.evidence.partition(";")
        note(f"prior of {prior.key}", _ID.findall(cited), assumption)
    for kind, lever_of in KINDS.items():
        for key, leaf in leaves(block(lever_of)):
            note(f"{kind}.{key}", (), leaf.evidence)
        for key, part in block(lever_of).fields.items():
            if isinstance(part, Block):
                note(f"{kind}.{key}", (), part.evidence)
    return {id: sorted(keys) for id, keys in resting.items()}, {id: sorted(keys) for id, keys in named.items()}


# phases --------------------------------------------------------------------------------------------------------------


def phases_page() -> list[str]:
    """Return the parts of the page on the week: its phases in order, and the modules that they live in."""
    phases = []
    for number, (name, meaning) in enumerate(week.PHASES, start=1):
        function = getattr(week, name)
        home = function.__module__.rpartition(".")[2]
        phases.append((str(number), _code(name), _code(home), meaning, _summary(function)))
    modules = []
    for info in sorted(pkgutil.iter_modules(mechanisms.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{mechanisms.__name__}.{info.name}")
        written = [one.name for one in COLUMNS if info.name in one.writers]
        modules.append((_code(info.name), _summary(module), ", ".join(map(_code, written)), _left_out(module)))
    return [
        "# The week",
        NOTE,
        "One step is a week; its phases run in this order in each village (`sim.week`).",
        table(("", "phase", "module", "what", "function"), phases),
        "## Mechanisms",
        table(("module", "what", "household columns it writes", "left out on purpose"), modules),
    ]


def _summary(thing: object) -> str:
    return _paragraphs(thing)[0].rstrip(".")


def _left_out(module: object) -> str:
    told = next((part for part in _paragraphs(module) if "Left out: " in part), "")
    return told.partition("Left out: ")[2].rstrip(".")


# Markdown ------------------------------------------------------------------------------------------------------------


def table(head: Row, rows: Iterable[Row]) -> str:
    """Return a Markdown table without padding; columns that are empty in every row are left out."""
    body = [[_cell(text) for text in row] for row in rows]
    kept = [at for at in range(len(head)) if not body or any(row[at] for row in body)]
    lines = [[head[at] for at in kept], ["---"] * len(kept), *([row[at] for at in kept] for row in body)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _code(text: str) -> str:
    return f"`{text}`"


def _paragraphs(thing: object) -> list[str]:
    """Return the paragraphs of a docstring, each in one line of Markdown."""
    parts = [" ".join(part.split()) for part in (inspect.getdoc(thing) or "").split("\n\n")]
    return [part.replace("``", "`") for part in parts]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unit(unit: str) -> str:
    return {"1": "pure number"}.get(unit, unit)


def _options(leaf: Leaf) -> str:
    if leaf.options:
        return ", ".join(leaf.options)
    return "" if leaf.low is None and leaf.high is None else interval(leaf.low, leaf.high, "")


def _value(value: Any) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple):
        return ", ".join(map(_value, value))
    return str(value)


def main() -> None:
    """Write the pages into the checkout."""
    if not FOLDER.parent.is_dir():
        raise InputError("the pages belong to a checkout; an installed package has no docs/", FOLDER.parent)
    FOLDER.mkdir(exist_ok=True)
    written = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
