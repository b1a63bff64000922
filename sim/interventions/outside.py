"""Interventions from outside the package: a class in any Python file becomes a kind that scenarios can name.

`register` adds a class; `load_interventions` runs a file that registers classes; `find_interventions` loads, once in a
process, the entry points of installed packages (group ``grassroots.interventions``) and the files that the environment
variable ``GRASSROOTS_INTERVENTIONS`` lists. All of them are checked as strictly as the package's own interventions, and their
text is part of the hash of their results. Left out on purpose: searching folders or modules, which would load code that
nobody asked for.
"""

from __future__ import annotations

import ast
import hashlib
import os
import sys
import sysconfig
import traceback
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TypeVar
from uuid import uuid4

from sim.base.errors import InputError
from sim.interventions.base import Intervention
from sim.interventions.checking import check_chinese, check_keys, checked_kind, one_line

GROUP = "grassroots.interventions"
"""The group of entry points under which an installed package offers interventions; each entry point is a class."""
VARIABLE = "GRASSROOTS_INTERVENTIONS"
"""The environment variable that lists files of interventions, separated as in PATH."""
PREFIX = "grassroots_interventions_"
"""Prefix of the names of modules that are made from files of interventions."""

Kind = TypeVar("Kind", bound=type[Intervention])
_OURS = frozenset({"sim", "pydantic", *sys.stdlib_module_names}) - {"__main__"}


class Outside:
    """The interventions from outside the package, and the text that defines them.

    Parameters
    ----------
    kinds : the registry to which they are added: classes by kind.
    """

    def __init__(self, kinds: dict[str, type[Intervention]]) -> None:
        self._kinds = kinds
        self._texts: dict[str, bytes] = {}  # by module
        self._searched = False

    def register(self, intervention: Kind) -> Kind:
        """Add an intervention's class to the kinds that scenarios may use, and return it, so that it works as a decorator.

        A class replaces an earlier one of the same name in the same module, as when a notebook's cell is run again.

        Raises
        ------
        InputError : it isn't a subclass of `Intervention`; its kind isn't a ``Literal`` of one word; its kind or a name in
            Chinese is taken; it or one of its keys has no description, or a default no evidence; or its effects are wrong
            (see `check_effects`).
        """
        kind = checked_kind(intervention)
        other = self._kinds.get(kind)
        module = intervention.__module__
        if other is not None and (other.__module__, other.__qualname__) != (module, intervention.__qualname__):
            file = getattr(sys.modules.get(other.__module__), "__file__", None) or other.__module__
            taken = f"the kind '{kind}' is taken by {other.__name__} ({file})"
            raise InputError(f"intervention {intervention.__name__}: {taken}")
        check_keys(intervention, kind)
        check_chinese(intervention, self._kinds)
        self._texts[module] = self._text(module, reload=other is not intervention)
        self._kinds[kind] = intervention
        return intervention

    def load_interventions(self, path: str | Path) -> None:
        """Run a Python file that registers interventions, unless it has been loaded and hasn't changed since.

        Raises
        ------
        InputError : the file can't be read, fails, or registers no intervention; with the file and the line. In that case
            nothing is registered.
        """
        file = Path(path).resolve()
        try:
            text = file.read_bytes()
        except OSError as error:
            raise InputError(f"can't be read: {error.strerror or error}", path) from None
        self._take_in(file, text, path)

    def _take_in(self, file: Path, text: bytes, path: str | Path) -> None:
        """Run the text of a file that registers interventions; `path` is its name in error messages."""
        name = _module_of(file)
        if self._texts.get(name) == text and self._of(name):
            return
        self._forget(name)
        module = ModuleType(name)
        module.__file__ = str(file)
        sys.modules[name] = module  # because pydantic looks up annotations there
        self._texts[name] = text
        try:
            exec(compile(text, str(file), "exec", dont_inherit=True), module.__dict__)
        except KeyboardInterrupt:
            self._forget(name)
            raise
        except BaseException as error:  # the author's code may raise anything
            self._forget(name)
            raise _located(error, path, str(file)) from None
        if not self._of(name):
            self._forget(name)
            raise InputError("registers no intervention: put @register above its class", path)
        for helper in self._helpers([name]):
            self._text(helper)  # as it is now; the process keeps what it imported

    def files(self) -> dict[Path, bytes]:
        """Return the text of every loaded file, by its resolved path."""
        modules = {kind.__module__ for kind in self._kinds.values() if kind.__module__.startswith(PREFIX)}
        return {Path(str(sys.modules[name].__file__)): self._texts[name] for name in modules}

    def take_files(self, files: Mapping[Path, bytes]) -> None:
        """Load the files that `files` returned in another process, in place of all files loaded here.

        The files don't have to exist on this machine.
        """
        for file, text in self.files().items():
            if files.get(file) != text:
                self._forget(_module_of(file))
        for file, text in files.items():
            self._take_in(file, text, file)

    def find_interventions(self) -> None:
        """Load, once in a process, the interventions of installed packages and of the files that the environment lists.

        Raises
        ------
        InputError : one of them can't be used, with the package or the file.
        """
        if self._searched:
            return
        for point in entry_points(group=GROUP):
            package = point.dist.name if point.dist else point.value
            whose = f"intervention '{point.name}' of the installed package {package}"
            try:
                intervention = point.load()
                if not isinstance(intervention, ModuleType) and intervention not in self._kinds.values():
                    self.register(intervention)
            except Exception as error:  # another package's code may raise anything; name the package
                raise InputError(f"{whose}: {one_line(error)}") from None
        for path in os.environ.get(VARIABLE, "").split(os.pathsep):
            if path:
                self.load_interventions(path)
        self._searched = True

    def digest(self, intervention: type[Intervention]) -> str:
        """Return 64 hexadecimal digits for the text that defines an intervention's class; "" for one of the package.

        They cover the files of the class and of its bases, or their whole packages. A class from a prompt or a notebook
        has no file, so it gets a new digest in each process, and its results are never found again.
        """
        modules = [base.__module__ for base in intervention.__mro__]
        outside = [name for name in modules if name.partition(".")[0] not in _OURS]
        texts = [self._text(name) for name in (*outside, *self._helpers(outside))]
        return hashlib.sha256(b"\0".join(texts)).hexdigest() if texts else ""

    def digests(self) -> list[str]:
        """Return a digest of every loaded file and of every module of the user's own that one of them imports, sorted."""
        names = {_module_of(file) for file in self.files()}
        texts = [self._texts[name] for name in names] + [self._text(name) for name in self._helpers(names)]
        return sorted(hashlib.sha256(text).hexdigest() for text in texts)

    def _helpers(self, names: Iterable[str]) -> list[str]:
        """Return the modules of the user's own that some modules import, and what these import, sorted.

        A module is the user's own if it is neither of the package nor installed beside it. Imports are read from the text,
        also those within functions; what is imported by a computed name, or read from other files, isn't seen.
        """
        known, waiting = set(names), list(names)
        while waiting:
            for name in _imported(self._text(waiting.pop())):
                if name not in known and _own_file(name) is not None:
                    known.add(name)
                    waiting.append(name)
        return sorted(known - set(names))

    def _of(self, module: str) -> list[str]:
        """Return the kinds that a module defines."""
        return [kind for kind, intervention in self._kinds.items() if intervention.__module__ == module]

    def _forget(self, module: str) -> None:
        for kind in self._of(module):
            del self._kinds[kind]
        self._texts.pop(module, None)
        sys.modules.pop(module, None)

    def _text(self, name: str, reload: bool = False) -> bytes:
        """Return a module's text: as it was when the module was loaded or registered, otherwise as it is now."""
        module = sys.modules.get(name)
        file = getattr(module, "__file__", None) or (None if module is not None else _own_file(name))
        if name in self._texts and (file is not None or not reload):
            return self._texts[name]
        if file is None:
            text = uuid4().bytes
        elif "." in name or hasattr(module, "__path__"):
            top = Path(getattr(sys.modules.get(name.partition(".")[0]), "__file__", None) or file).parent
            text = b"\0".join(path.read_bytes() for path in sorted(top.rglob("*.py")))
        else:
            text = Path(file).read_bytes()
        self._texts[name] = text
        return text


def _imported(text: bytes) -> set[str]:
    """Return the names of all modules that the text of a module, or of all files of a package, may import."""
    names: set[str] = set()
    for part in text.split(b"\0"):
        try:
            tree = ast.parse(part)
        except (SyntaxError, ValueError):  # no Python
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def _own_file(name: str) -> Path | None:
    """Return the file of a module of the user's own: neither of this package nor where packages are installed."""
    if name.partition(".")[0] in _OURS:
        return None
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):  # no such module, or one that was made by hand
        return None
    if spec is None or not spec.has_location or spec.origin is None:
        return None
    path = Path(spec.origin).resolve()
    return None if any(folder in path.parents for folder in _installed()) else path


@cache
def _installed() -> tuple[Path, ...]:
    """Return the folders of Python's own modules and of installed packages."""
    return tuple({Path(path).resolve() for path in sysconfig.get_paths().values()})


def _module_of(file: Path) -> str:
    return PREFIX + hashlib.sha256(str(file).encode()).hexdigest()[:12]


def _located(error: BaseException, path: str | Path, file: str) -> InputError:
    """Return an error with the last line of the file that was running when it occurred."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return InputError(f"{type(error).__name__}: {error.msg}", path, error.lineno)
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == file]
    return InputError(one_line(error), path, lines[-1] if lines else None)
