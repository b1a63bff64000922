"""Run the commands that the README quotes in ``console`` blocks, and compare what they print with what it quotes.

A line that begins with ``$`` is a command; the lines after it are its output, in order; a line of three dots stands for
any lines. Figures that depend on the machine (seconds, rates) must therefore be left out by dots. Pictures that the
README shows must exist in the checkout. Exits with 1 and a line for each thing that doesn't hold.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """Return (command, quoted lines of output) for each command of the console blocks."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found:
                found[-1][1].append(line.rstrip())
    return found


def first_difference(quoted: list[str], printed: list[str]) -> str | None:
    """Return what is wrong with a quotation, or None if it holds."""
    at = 0
    skip = False
    for line in quoted:
        if line.strip() == "...":
            skip = True
            continue
        if skip:
            try:
                at = printed.index(line, at)
            except ValueError:
                return f"not printed: '{line}'"
        elif at >= len(printed) or printed[at] != line:
            return f"quoted '{line}', printed '{printed[at] if at < len(printed) else '(nothing more)'}'"
        at += 1
        skip = False
    if not skip and any(line for line in printed[at:]):
        return f"printed more than is quoted: '{printed[at]}'"
    return None


def main() -> int:
    """Check the README; return the exit code."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    wrong = 0
    environment = {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    checked = blocks(readme)
    if not checked:
        print("README.md quotes no command")
        return 1
    for command, quoted in checked:
        if command == "make test":
            continue  # CI has just run it
        done = subprocess.run(
            command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        problem = first_difference(quoted, [line.rstrip() for line in done.stdout.splitlines()])
        if done.returncode:
            problem = f"exit code {done.returncode}: {done.stderr.strip().splitlines()[-1:] or ''}"
        print(f"{'ok' if problem is None else 'WRONG'}: {command}" + ("" if problem is None else f": {problem}"))
        wrong += problem is not None
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme):
        if not (ROOT / picture).is_file():
            print(f"WRONG: picture {picture} doesn't exist")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
