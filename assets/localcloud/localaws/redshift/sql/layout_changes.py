"""ALTER TABLE where it changes nothing but the physical design."""

from __future__ import annotations

from localaws.redshift.sql.statement import Layout
from localaws.redshift.sql.tokens import Words


def layout_change(text: str) -> Layout | None:
    """The new design, or None where the statement is another one.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
    """
    words = Words(text)
    if words.words(0, 2) != ("ALTER", "TABLE"):
        return None
    table, index = words.qualified(2)
    if words.word(index) != "ALTER":
        return None
    index += 1
    if words.words(index, 2) == ("ENCODE", "AUTO"):
        return Layout(table, encodings={"*": "auto"})
    if words.word(index) == "COLUMN" and words.word(index + 2) == "ENCODE":
        return _encodings(words, table, index)
    if words.word(index) == "DISTSTYLE" and words.word(index + 1) in ("EVEN", "ALL", "AUTO"):
        return Layout(table, diststyle=words.word(index + 1))
    if words.words(index, 3) == ("DISTSTYLE", "KEY", "DISTKEY"):
        return Layout(table, diststyle="KEY", distkey=words.name(index + 3))
    if words.word(index) == "DISTKEY":
        return Layout(table, diststyle="KEY", distkey=words.name(index + 1))
    interleaved = words.word(index) == "INTERLEAVED"
    if words.word(index) in ("COMPOUND", "INTERLEAVED"):
        index += 1
    if words.word(index) != "SORTKEY":
        return None
    if words.word(index + 1) != "(":
        return Layout(table, sortkeys=())
    after = words.after_group(index + 1)
    names = tuple(words.name(one) for one in range(index + 2, after - 1) if words.word(one) != ",")
    return Layout(table, sortkeys=names, interleaved=interleaved)


def _encodings(words: Words, table: str, index: int) -> Layout:
    """`ALTER COLUMN a ENCODE b, ALTER COLUMN c ENCODE d`."""
    found = {}
    while words.word(index) == "COLUMN":
        found[words.name(index + 1)] = words.word(index + 3).lower()
        index += 6
    return Layout(table, encodings=found)
