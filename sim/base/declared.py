"""Tables of declarations by name: each name once, in a fixed order, and none after the table is closed."""

from __future__ import annotations

from typing import Protocol, TypeVar

from sim.base.errors import nearest


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """The name."""


Entry = TypeVar("Entry", bound=Named)


class Declared(dict[str, Entry]):
    """Declarations by name, in their order. what : the noun for one of them, for error messages."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what
        self.closed = False

    def add(self, entry: Entry) -> None:
        """Add a declaration.

        Raises
        ------
        ValueError : its name is taken, or the table is closed.
        """
        if self.closed:
            raise ValueError(f"{self.what} '{entry.name}' is declared too late: `sim.engine` must import its module")
        if entry.name in self:
            raise ValueError(f"{self.what} '{entry.name}' is declared twice")
        self[entry.name] = entry

    def close(self) -> None:
        """Accept no more declarations."""
        self.closed = True

    def __missing__(self, name: str) -> Entry:
        raise KeyError(f"there is no {self.what} '{name}'{nearest(name, self)}")
