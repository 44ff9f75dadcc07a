"""One statement after translation, and why one may have none."""

from __future__ import annotations

from dataclasses import dataclass, field


class UnsupportedStatement(Exception):
    """Redshift knows this statement; this local AWS does not. Its text becomes the statement's error."""


class SyntaxProblem(Exception):
    """Not Redshift's SQL."""


@dataclass(frozen=True)
class Layout:
    """The physical design of a table: PostgreSQL has none, the system views show it."""

    table: str
    """As written in the statement."""
    diststyle: str | None = None
    """`EVEN`, `KEY`, `ALL` or `AUTO`; None where the statement says nothing."""
    distkey: str | None = None
    sortkeys: tuple[str, ...] | None = None
    interleaved: bool = False
    encodings: dict[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether the statement says nothing about it."""
        return self == Layout(self.table)

    def fields(self) -> dict[str, object]:
        """What was said, for the function in the database that keeps it."""
        said: dict[str, object] = {"encodings": self.encodings} if self.encodings else {}
        if self.diststyle is not None or self.distkey is not None:
            said |= {"diststyle": self.diststyle or "KEY", "distkey": self.distkey}
        if self.sortkeys is not None:
            said |= {"sortkeys": list(self.sortkeys), "interleaved": self.interleaved}
        return said


@dataclass(frozen=True)
class Statement:
    """What to send to PostgreSQL for one statement of Redshift's."""

    text: str | None
    """None where only the layout changes."""
    layout: Layout | None = None
    returns_rows: bool = False
    in_transaction: bool = True
    """False for VACUUM, which runs outside any transaction block."""
