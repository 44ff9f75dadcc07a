"""The physical clauses of Redshift's DDL: taken out of the text and read into a Layout.

The parser knows them in part only (column-level DISTKEY and SORTKEY do not parse), so they go before it sees them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from localaws.redshift.sql.statement import Layout
from localaws.redshift.sql.tokens import Words

_LEADING = {"CREATE", "OR", "REPLACE", "LOCAL", "TEMP", "TEMPORARY", "GLOBAL"}


@dataclass
class _Reading:
    """What was found so far."""

    cuts: list[tuple[int, int]] = field(default_factory=list)
    diststyle: str | None = None
    distkey: str | None = None
    sortkeys: tuple[str, ...] | None = None
    interleaved: bool = False
    encodings: dict[str, str] = field(default_factory=dict)


def strip(text: str) -> tuple[str, Layout | None]:
    """The statement without its physical clauses, and what they said; a statement that has none is unchanged.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
    """
    words = Words(text)
    index = _after_kind(words)
    if index is None:
        return text, None
    table, index = words.qualified(index)
    found = _Reading()
    _read(words, index, found)
    for start, end in reversed(found.cuts):
        text = text[:start] + " " + text[end:]
    layout = Layout(table, found.diststyle, found.distkey, found.sortkeys, found.interleaved, found.encodings)
    return text, None if layout.empty else layout


def _after_kind(words: Words) -> int | None:
    """The index of the name of the table or view that a CREATE or ALTER TABLE is about; None for another statement."""
    index = 0
    if words.words(0, 2) == ("ALTER", "TABLE"):
        index = 2
    elif words.word(0) == "CREATE":
        while words.word(index) in _LEADING:
            index += 1
        if words.word(index) == "MATERIALIZED":
            index += 1
        if words.word(index) not in ("TABLE", "VIEW"):
            return None
        index += 1
        if words.words(index, 3) == ("IF", "NOT", "EXISTS"):
            index += 3
    else:
        return None
    return index if index < len(words) else None


def _read(words: Words, index: int, found: _Reading) -> None:
    depth, column, fresh = 0, "", False
    while index < len(words):
        word = words.word(index)
        if depth == 0 and word == "AS":  # a query follows, in which these are ordinary names
            _read_tail(words, index, found)
            return
        if word == "(":
            depth, fresh = depth + 1, depth == 0
        elif word == ")":
            depth -= 1
        elif word == "," and depth == 1:
            fresh = True
        elif fresh:
            column, fresh = words.name(index), False
        elif depth == 0 and word == "COLUMN" and words.word(index - 1) in ("ADD", "ALTER"):
            column = words.name(index + 1)
        else:
            after = _clause(words, index, depth, column, found)
            if after is not None:
                found.cuts.append((words.start(index), words.end(after - 1)))
                index = after
                continue
        index += 1


def _read_tail(words: Words, index: int, found: _Reading) -> None:
    """After AS: only a late-binding view's clause, which stands last, may follow the query."""
    last = len(words) - 4
    if last > index and words.words(last, 4) == ("WITH", "NO", "SCHEMA", "BINDING"):
        found.cuts.append((words.start(last), words.end(last + 3)))


def _clause(words: Words, index: int, depth: int, column: str, found: _Reading) -> int | None:
    """Read the physical clause at `index` and answer the index after it; None where there is none."""
    word = words.word(index)
    if word == "ENCODE" and words.word(index + 1) not in ("", "("):
        if depth == 1 or column:
            found.encodings[column] = words.word(index + 1).lower()
        return index + 2
    if word == "DISTSTYLE":
        found.diststyle = words.word(index + 1)
        return index + 2
    if word == "DISTKEY":
        found.diststyle = "KEY"
        if words.word(index + 1) == "(":
            found.distkey = words.name(index + 2)
            return words.after_group(index + 1)
        found.distkey = column
        return index + 1
    if word in ("COMPOUND", "INTERLEAVED") and words.word(index + 1) == "SORTKEY":
        found.interleaved = word == "INTERLEAVED"
        return _clause(words, index + 1, depth, column, found)
    if word == "SORTKEY":
        if words.word(index + 1) == "(":
            after = words.after_group(index + 1)
            names = [words.name(one) for one in range(index + 2, after - 1) if words.word(one) != ","]
            found.sortkeys = tuple(names)
            return after
        if words.word(index + 1) in ("AUTO", "NONE"):
            found.sortkeys = ()
            return index + 2
        found.sortkeys = (*(found.sortkeys or ()), column)
        return index + 1
    if word == "BACKUP" and words.word(index + 1) in ("YES", "NO"):
        return index + 2
    if words.words(index, 2) == ("AUTO", "REFRESH"):
        return index + 3
    return None
