"""The page on evidence: the register, and the parameters that each of its entries supports."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sim.evidence import load_register
from sim.evidence.text import figure, interval
from sim.interventions import KINDS
from sim.reference.markdown import NOTE, Row, code, table
from sim.scenario import load_scenario, provenance, scenario_names
from sim.scenario.provenance import origin_of
from sim.scenario.shape import Block, block, leaves
from sim.uncertainty.priors import load_priors

_ID = re.compile(r"\b([SLPN]\d+)\b")


def evidence_page() -> list[str]:
    """Return the parts of the page on evidence: documents, records, derived figures, patterns, literature."""
    register = load_register()
    resting, named = _resting()

    def rests(id: str) -> Row:
        return ", ".join(map(code, resting.get(id, []))), ", ".join(map(code, named.get(id, [])))

    records = register.records.values()
    documents = [
        (one.short, one.title, one.date, one.place, one.publisher, one.condition, one.caution)
        for one in register.documents.values()
    ]
    patterns = [
        (
            one.id, one.use, one.statement, ", ".join(one.records),
            "; ".join(f"{band.quantity}: {interval(band.low, band.high, band.unit)} ({band.basis})" for band in one.bands),
            *rests(one.id), one.unmeasured, one.caution,
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
        "*Cited by*: parameters whose value or prior interval cites the entry. *Mentioned by*: parameters "
        "whose assumption mentions it without citing it. Keys of interventions begin with the kind.",
        "## Documents",
        table(("id", "title", "date", "place", "publisher", "condition", "caution"), documents),
    ]
    head = ("id", "use", "measures", "value", "place, date", "paragraph", "cited by", "mentioned by", "caution")
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
        (code(one.name), f"{register.resolve(one.name).value:.6g}", one.unit, code(one.expression), one.note)
        for record in records
        for one in record.derived.values()
    ]
    return [
        *parts,
        "## Figures derived from records",
        table(("name", "value", "unit", "expression", "note"), derived),
        "## Patterns",
        table(
            ("id", "use", "statement", "records", "bands", "cited by", "mentioned by", "not measured yet, because", "caution"),
            patterns,
        ),
        "## Literature",
        "The status says where the finding was read: *checked at source*, in the paper or the official notice itself; "
        "*from an abstract*, in an abstract or opening page; *from memory*, nowhere: don't cite it as established.",
        table(
            ("id", "mechanism", "citation", "finding", "status", "prior", "cited by", "mentioned by", "caution"),
            literature,
        ),
    ]  # fmt: skip


def _resting() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return, for each entry of the register, the keys that cite it and those whose assumption only mentions it."""
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
        own = origin_of(scenario).own
        kinds = {item.name: item.kind for item in scenario.interventions}
        for key, value in provenance(scenario).items():
            intervention = key.split(".")
            if intervention[0] == "interventions":
                key = ".".join([kinds[intervention[1]], *intervention[2:]])
            elif intervention[0] == "villages" and key not in own:
                continue  # shared with `village`
            # Defaults of interventions are added below, once.
            if value.file:
                note(key, value.records, value.evidence)
    for prior in load_priors():
        cited, _, assumption = prior.evidence.partition(";")
        note(f"prior of {prior.key}", _ID.findall(cited), assumption)
    for kind, intervention_of in KINDS.items():
        for key, leaf in leaves(block(intervention_of)):
            note(f"{kind}.{key}", (), leaf.evidence)
        for key, part in block(intervention_of).fields.items():
            if isinstance(part, Block):
                note(f"{kind}.{key}", (), part.evidence)
    return {id: sorted(keys) for id, keys in resting.items()}, {id: sorted(keys) for id, keys in named.items()}
