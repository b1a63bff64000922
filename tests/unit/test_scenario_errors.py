"""Every way to get a scenario wrong is told in one line: where, what, and the nearest valid name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.base.errors import InputError
from sim.scenario import Scenario, load_scenario, parse_set

HEAD = "title: Mine\n"

# What the file holds, the line that the error names (None: no line), and what it says.
WRONG: list[tuple[str, int | None, str]] = [
    ("titel: Mine\n", 1, "unknown key 'titel', did you mean 'title'?"),
    (HEAD + "household:\n  own_yrd: 0.3\n", 3, "unknown key 'own_yrd' in household, did you mean 'own_yard'?"),
    (
        HEAD + "village:\n  plan:\n    lane_row: 3\n",
        4,
        "unknown key 'lane_row' in village.plan, did you mean 'lane_rows'?",
    ),
    (HEAD + "weeks: many\n", 2, "weeks must be a whole number from 1 to 5,200, not 'many'"),
    (HEAD + "weeks: '52'\n", 2, "weeks must be a whole number from 1 to 5,200, not '52'"),
    (HEAD + "weeks: true\n", 2, "weeks must be a whole number from 1 to 5,200, not true"),
    (HEAD + "weeks: yes\n", 2, "weeks must be a whole number from 1 to 5,200, not 'yes'"),
    (HEAD + "weeks: 52.5\n", 2, "weeks must be a whole number from 1 to 5,200, not 52.5"),
    (HEAD + "weeks: [52]\n", 2, "weeks must be a whole number from 1 to 5,200, not a list"),
    (HEAD + "weeks:\n", 2, "weeks has no value; it must be a whole number from 1 to 5,200"),
    (HEAD + "weeks: 0\n", 2, "weeks is 0; it must be a whole number from 1 to 5,200"),
    (HEAD + "weeks: .inf\n", 2, "weeks must be a whole number from 1 to 5,200, not inf"),
    (HEAD + "household: {own_yard: .nan}\n", 2, "household.own_yard must be a number from 0 to 1, not nan"),
    (HEAD + "household: {own_yard: 1e9999}\n", 2, "household.own_yard must be a number from 0 to 1, not inf"),
    (HEAD + "household:\n  own_yard: 1.5\n", 3, "household.own_yard is 1.5; it must be a number from 0 to 1"),
    (HEAD + "household: 3\n", 2, "household must be a block of keys (predisposition, newcomer_gap, member_bonus, "),
    ("title: 7\n", 1, "title must be a word, not 7; put it in quotes"),
    (
        HEAD + "interventions: [{kind: role_model, who: {group: membr}}]\n",
        2,
        "interventions.role_model.who.group can't be 'membr', did you mean 'member'?",
    ),
    # evidence
    (HEAD + "weeks: {from: S99.nothing}\n", 2, "unknown evidence 'S99.nothing'"),
    (
        HEAD + "village:\n  party_members: {from: S01.members_per_vilage}\n",
        3,
        "unknown evidence 'S01.members_per_vilage', did you mean 'S01.members_per_village'?",
    ),
    (HEAD + "weeks: {from: S02.contacts_per_member_week}\n", 2, "weeks must be a whole number; S02.contacts_per_mem"),
    (HEAD + "weeks: {from: [S01]}\n", 2, "weeks.from must be the name of a record, such as S01.members_per_village"),
    (
        HEAD + "interventions: [{kind: role_model, who: {group: {from: S01}}}]\n",
        2,
        "interventions.role_model.who.group must be one of everyone, local, newcomer, member, worthy, volunteer, "
        "representative, floating_member, youth; a record gives a number",
    ),
    (HEAD + "household: {own_yard: {from: S01}}\n", 2, "household.own_yard is 4,000; it must be a number from 0 to 1"),
    (HEAD + "weeks: {value: 9, evidence: [L999]}\n", 2, "unknown evidence 'L999'"),
    (HEAD + "weeks: {value: 9, evidence: S01}\n", 2, "weeks.evidence must be a list such as [S01, L02, P3]"),
    (HEAD + "weeks: {value: 9, evidence: []}\n", 2, "weeks.evidence must be a list such as [S01, L02, P3]"),
    (HEAD + "weeks: {value: 9, evidence: [1]}\n", 2, "weeks.evidence must be a list such as [S01, L02, P3]"),
    (HEAD + "weeks: {value: 9}\n", 2, "weeks needs 'evidence' or 'assumption' with 'value'"),
    (HEAD + "weeks: {value: 9, assumption: 3}\n", 2, "weeks.assumption must be a text that gives the reason"),
    (HEAD + "weeks: {value: {a: 1}, assumption: x}\n", 2, "weeks.value must be a whole number from 1 to 5,200"),
    (HEAD + "weeks: {assumption: x}\n", 2, "weeks needs either 'value' or 'from'"),
    (HEAD + "weeks: {value: 9, from: S01}\n", 2, "weeks needs either 'value' or 'from'"),
    (
        HEAD + "weeks: {from: S01, evidence: [S01]}\n",
        2,
        "weeks has 'from', which is its evidence; leave 'evidence' out",
    ),
    (HEAD + "weeks: {value: 9, asumption: x}\n", 2, "unknown key 'asumption' in weeks, did you mean 'assumption'?"),
    (HEAD + "weeks: {value: 9, assumption: a, b}\n", 2, "unknown key 'b' in weeks (valid: assumption, evidence, fr"),
    # blocks that contradict themselves
    (
        HEAD + "household:\n  climb_rate: 0.9\n  slip_rate: 0.18\n",
        2,
        "household: climb_rate + slip_rate is 1.08, but may be at most 1",
    ),
    (
        HEAD + "interventions:\n  - kind: donation\n    uses: {works: 1}\n",
        3,
        "interventions.donation: uses must sum to 1, not 1.5",
    ),
    (
        HEAD + "interventions:\n- kind: donation\n  start: 5\n  stop: 4\n",
        3,
        "interventions.donation: stop (4) is before start (5)",
    ),
    # interventions
    (HEAD + "interventions:\n  kind: donation\n", 2, "interventions must be a list of blocks, each beginning with"),
    (HEAD + "interventions:\n- donation\n", 3, "an item of interventions must be a block of keys, beginning with"),
    (HEAD + "interventions:\n- {}\n", 3, "an item of interventions needs a 'kind'"),
    (HEAD + "interventions:\n- kind: donatoin\n", 3, "unknown kind 'donatoin', did you mean 'donation'?"),
    (HEAD + "interventions:\n- kind: 3\n", 3, "an item of interventions needs a 'kind'"),
    (
        HEAD + "interventions:\n- kind: donation\n  yuann: 5\n",
        4,
        "unknown key 'yuann' in interventions.donation, did you mean 'yuan'?",
    ),
    (
        HEAD + "interventions:\n- kind: donation\n  who: {groop: member}\n",
        4,
        "unknown key 'groop' in interventions.donation.who, did you mean 'group'?",
    ),
    (
        HEAD + "interventions:\n- kind: donation\n  who: {group: members}\n",
        4,
        "interventions.donation.who.group can't be 'members', did you mean 'member'?",
    ),
    (HEAD + "interventions:\n- {kind: donation, name: a.b}\n", 3, "the name of an item of interventions must be one w"),
    (
        HEAD + "interventions:\n- {kind: donation, name: a}\n- {kind: role_model, name: a}\n",
        4,
        "two items of interventions are called 'a' (the first: line 3)",
    ),
    (HEAD + "interventions:\n- name: gift\n  yuan: 5\n", 3, "interventions.gift is new, so it needs a 'kind'"),
    (
        HEAD + "interventions:\n- kind: donation\n  where: {villages: [vilage]}\n",
        4,
        "interventions.donation.where.villages: no village 'vilage', did you mean 'village'?",
    ),
    (
        HEAD + "interventions:\n- kind: donation\n  where: {villages: village}\n",
        4,
        "interventions.donation.where.villages must be a list, each a word",
    ),
    (HEAD + "interventions:\n" + "- kind: donation\n" * 32, 2, "32 interventions; a scenario may have at most 31"),
    # villages
    (HEAD + "villages:\n- {name: a}\n- {name: a}\n", 4, "two items of villages are called 'a' (the first: line 3)"),
    (
        HEAD + "villages:\n- {name: a, copies: 2}\n- {name: a-2}\n",
        4,
        "two villages are called 'a-2' (villages.a and villages.a-2)",
    ),
    (HEAD + "villages:\n- {households: 30}\n", 3, "an item of villages needs a 'name'"),
    (HEAD + "villages:\n- {name: a, copies: 0}\n", 3, "villages.a.copies is 0; it must be a whole number from 1 to 1"),
    (HEAD + "village: {name: a b}\n", 2, "village.name must be one word of letters, digits, _ and -, at most 60, no"),
    # extends
    ("extends: baselin\n", 1, "unknown scenario 'baselin', did you mean 'baseline'?"),
    ("extends: missing.yaml\n", 1, "extends 'missing.yaml', but there is no file "),
    ("extends: null\n", 1, "'extends' must be a scenario's name, a path, or a list of these; only the base may"),
    ("extends: 3\n", 1, "'extends' must be a scenario's name, a path, or a list of these"),
    ("extends: []\n", 1, "'extends' is empty; leave it out to extend the base"),
    ("extends: {a: b}\n", 1, "'extends' must be a scenario's name, a path, or a list of these"),
    ("extends: mine.yaml\n", 1, "extends itself: mine.yaml -> mine.yaml"),
    # overrides
    (HEAD + "overrides: [poor]\n", 2, "'overrides' must be a block of names, each with a block of keys"),
    (HEAD + "overrides:\n  poor: 3\n", 3, "a scenario must be a block of keys (title, weeks, village, "),
    (
        HEAD + "overrides:\n  poor:\n    household: {own_yrd: 1}\n",
        4,
        "unknown key 'own_yrd' in household, did you mean 'own_yard'?",
    ),
    (HEAD + "overrides:\n  poor: {extends: base}\n", 3, "unknown key 'extends'"),
    (HEAD + "overrides:\n  po.or: {weeks: 3}\n", 3, "the name of an override must be one word"),
    # YAML itself
    ("", None, "is empty"),
    ("# nothing\n", None, "is empty"),
    ("title: a\ntitle: b\n", 2, "duplicate key 'title' (first on line 1)"),
    ("title: a\n\tweeks: 3\n", 2, "indentation contains a tab; use spaces"),
    ("- title\n", 1, "a scenario must be a block of keys (extends, title, ...)"),
    ("just text\n", 1, "a scenario must be a block of keys (extends, title, ...)"),
    ("title: [a\n", 2, "isn't valid YAML: "),
    ("a: &a [x]\nb: [*a, *a]\n", 1, "anchors and aliases aren't allowed; use extends or overrides"),
    ("title: !!python/object/apply:os.system [ls]\n", 1, "tag 'tag:yaml.org,2002:python/object/apply:os.system' isn't"),
    ("title: a\n---\ntitle: b\n", 2, "holds more than one YAML document"),
    ("village: " + "[" * 40 + "]" * 40, 1, "is nested deeper than 16 levels"),
    ("village: " + "{a: " * 4000 + "1" + "}" * 4000, 1, "is nested deeper than 16 levels"),
    ("? [a]\n: b\n", 1, "a key must be a word, not a list or a mapping"),
]


def told(path: Path | str, overrides: object = ()) -> str:
    """Return the error that loading gives, having checked that it is one line."""
    with pytest.raises(InputError) as caught:
        load_scenario(path, overrides)  # type: ignore[arg-type]
    line = str(caught.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize(("text", "line", "what"), WRONG)
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, text: str, line: int | None, what: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    place = f"{path}: " if line is None else f"{path}:{line}: "
    assert told(path).startswith(place + what)


def test_file_of_100_mb(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    assert told(path) == f"{path}: is 100,000,000 bytes long; a YAML file here has at most 1,000,000"


def test_yaml_bomb(tmp_path: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join(['*' + before] * 9)}]")
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert told(path) == f"{path}:1: anchors and aliases aren't allowed; use extends or overrides"


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"title: \xff\n", ":1: isn't UTF-8 text"), (b"title: a\x00b\n", ":1: isn't valid YAML: ")],
)
def test_bytes_that_are_no_text(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(data)
    assert told(path).startswith(f"{path}{what}")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert told(tmp_path / "no.yaml") == f"{tmp_path / 'no.yaml'}: can't be read: No such file or directory"
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    assert told(folder) == f"{folder}: is a folder, not a YAML file"
    (tmp_path / "child.yaml").write_text("extends: folder.yaml\n", encoding="utf-8")
    assert told(tmp_path / "child.yaml").startswith(f"{tmp_path / 'child.yaml'}:1: extends 'folder.yaml', but there")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("veteran_role_modle", "unknown scenario 'veteran_role_modle', did you mean 'veteran_role_model'?"),
        ("places/baseline", "unknown scenario 'places/baseline', did you mean 'baseline'?"),
        ("../scenarios/baseline", "unknown scenario '../scenarios/baseline', did you mean 'baseline'?"),
        ("", "'' isn't the name or path of a scenario"),
        ("a\0.yaml", "'a\\x00.yaml' isn't the name or path of a scenario"),
        ("x" * 5000 + ".yaml", "x" * 5000 + ".yaml: can't be read: File name too long"),
    ],
)
def test_wrong_names(name: str, what: str) -> None:
    assert told(name) == what


def test_cycle_and_depth(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("title: A\nextends: b.yaml\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("extends: [baseline, sub/../a.yaml]\n", encoding="utf-8")
    assert told(tmp_path / "a.yaml") == f"{tmp_path / 'b.yaml'}:1: extends itself: a.yaml -> b.yaml -> a.yaml"
    for number in range(30):
        (tmp_path / f"c{number}.yaml").write_text(f"extends: c{number + 1}.yaml\n", encoding="utf-8")
    (tmp_path / "c30.yaml").write_text("title: end\n", encoding="utf-8")
    assert told(tmp_path / "c0.yaml") == f"{tmp_path / 'c20.yaml'}:1: extends more than 20 files in a row"
    assert isinstance(load_scenario(tmp_path / "c12.yaml"), Scenario)


def test_an_error_in_a_parent_is_told_in_the_parent(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text("title: P\nweeks: 1.5\n", encoding="utf-8")
    (tmp_path / "child.yaml").write_text("extends: parent.yaml\nweeks: 5\n", encoding="utf-8")
    assert told(tmp_path / "child.yaml").startswith(f"{tmp_path / 'parent.yaml'}:2: weeks must be a whole number")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("household.own_yard", "'household.own_yard' must be key=value, such as household.own_yard=0.3"),
        ("household.own_yard=", "'household.own_yard=' must be key=value, such as household.own_yard=0.3"),
        ("=3", "'=3' must be key=value, such as household.own_yard=0.3"),
        ("household.own_yard=[1", "household.own_yard: isn't valid YAML: "),
        ("household.own_yard=1\n- 2", "household.own_yard: the value isn't one YAML value"),
        ("household.own_yard=&a 1", "household.own_yard: anchors and aliases aren't allowed"),
    ],
)
def test_set_that_cannot_be_parsed(text: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_set(text)
    assert str(caught.value).startswith(f"--set: {what}")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("houshold.own_yard=1", "unknown key 'houshold.own_yard', did you mean 'household.own_yard'?"),
        ("own_yard=1", "unknown key 'own_yard', did you mean 'household.own_yard'?"),
        ("household.own_yard.x=1", "unknown key 'household.own_yard.x', did you mean 'household.own_yard'?"),
        ("household..own_yard=1", "unknown key 'household..own_yard', did you mean 'household.own_yard'?"),
        ("extends=base", "unknown key 'extends'"),
        ("villages.a.households=30", "unknown key 'villages.a.households', did you mean 'village.households'?"),
        ("interventions.gift.yuan=1", "unknown key 'interventions.gift.yuan', did you mean 'interventions.donation.y"),
        ("interventions.donation.kind=role_model", "interventions.donation is a donation (scenarios"),
        ("interventions.donation.name=gift", "interventions.donation can't be renamed"),
        ("interventions.donation=3", "interventions.donation must be a block of keys"),
        ("interventions={gift: {yuan: 1}}", "unknown name 'gift' in interventions (valid: donation)"),
        ("household.own_yard=two", "household.own_yard must be a number from 0 to 1, not 'two'"),
        ("household.own_yard=null", "household.own_yard has no value; it must be a number from 0 to 1"),
        ("household.own_yard={from: S1}", "unknown evidence 'S1'"),
        ("household.climb_rate=1", "household: climb_rate + slip_rate is 1."),
    ],
)
def test_set_that_does_not_fit(text: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    assert told("donation", [parse_set(text)]).startswith(f"--set: {what}")


def test_a_program_is_told_too() -> None:
    assert told("baseline", {"weeks": object()}) == "overrides: a scenario can't hold a object"
    assert told("baseline", {"weeks": 10**25}).startswith("overrides: weeks is 1e+25; it must be a whole number from")
    assert told("baseline", ["rich"]) == "unknown override 'rich' (the scenario has none)"
