"""The UNLOAD statement, parsed.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from localaws.redshift.sql.statement import SyntaxProblem, UnsupportedStatement
from localaws.redshift.sql.tokens import Words
from localaws.redshift.transfer import options
from localaws.redshift.transfer.options import Authorization, Options

_WITH_VALUE = frozenset(
    ("DELIMITER", "NULL", "IAM_ROLE", "CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "TOKEN",
     "REGION", "FIXEDWIDTH", "MAXFILESIZE", "ROWGROUPSIZE", "EXTENSION", "KMS_KEY_ID")
)
_MAYBE = frozenset(("PARALLEL",))
_FLAGS = frozenset(
    ("CSV", "JSON", "PARQUET", "HEADER", "GZIP", "BZIP2", "ZSTD", "ADDQUOTES", "ESCAPE", "ALLOWOVERWRITE", "CLEANPATH",
     "MANIFEST", "VERBOSE", "ENCRYPTED", "AUTO", "MB", "GB")
)


@dataclass(frozen=True)
class UnloadCommand:
    """UNLOAD (query) TO url options."""

    query: str
    url: str
    authorization: Authorization
    options: Options
    partition_columns: tuple[str, ...] = ()
    include_partitions: bool = False
    max_bytes: int = 6_656_000_000
    """6.2 GB unless MAXFILESIZE says otherwise."""

    @property
    def file_format(self) -> str:
        """`csv`, `json`, `parquet`, `fixed` or `text`."""
        for word in ("CSV", "JSON", "PARQUET"):
            if word in self.options.flags:
                return word.lower()
        return "fixed" if "FIXEDWIDTH" in self.options.values else "text"

    @property
    def compression(self) -> str:
        """`gzip`, `bz2`, `zstd` or ""."""
        for word, name in (("GZIP", "gzip"), ("BZIP2", "bz2"), ("ZSTD", "zstd")):
            if word in self.options.flags:
                return name
        return ""

    @property
    def parallel(self) -> bool:
        """Whether each slice writes files of its own."""
        return self.options.values.get("PARALLEL", "ON").upper() not in ("OFF", "FALSE")


def is_unload(text: str) -> bool:
    """Whether the statement is an UNLOAD."""
    return re.match(r"(?is)\s*(--[^\n]*\n\s*|/\*.*?\*/\s*)*unload\b", text) is not None


def parse(text: str) -> UnloadCommand:
    """Parse an UNLOAD statement. Raises SyntaxProblem or UnsupportedStatement."""
    match = re.match(r"(?is).*?\bunload\s*\(\s*(?:'((?:[^'\\]|''|\\.)*)'|\$\$(.*?)\$\$)\s*\)\s*to\s+", text)
    if match is None:
        raise SyntaxProblem("syntax error in UNLOAD: a query in quotes and TO are needed")
    quoted, dollars = match.groups()
    query = dollars if dollars is not None else quoted.replace("''", "'").replace("\\'", "'")
    rest, partitions, include = _partitions(text[match.end() :])
    rest, limit = _file_size(rest)
    words = Words(rest)
    if not len(words):
        raise SyntaxProblem("syntax error in UNLOAD: a target is needed")
    url = options.value(words, 0)
    options.bucket_and_key(url)
    said = options.read(words, 1, _WITH_VALUE, _MAYBE, _FLAGS)
    if "ENCRYPTED" in said.flags and "AUTO" not in said.flags and "KMS_KEY_ID" not in said.values:
        raise UnsupportedStatement("UNLOAD with client-side encryption is not supported by the local Redshift")
    if "CLEANPATH" in said.flags and "ALLOWOVERWRITE" in said.flags:
        raise SyntaxProblem("CLEANPATH and ALLOWOVERWRITE options cannot be specified together")
    if "PARQUET" in said.flags and said.flags & {"GZIP", "BZIP2", "ZSTD", "HEADER", "ADDQUOTES", "ESCAPE"}:
        raise SyntaxProblem("UNLOAD in PARQUET format takes no compression, HEADER, ADDQUOTES or ESCAPE")
    return UnloadCommand(query, url, options.authorization(said), said, partitions, include, limit)


def _partitions(text: str) -> tuple[str, tuple[str, ...], bool]:
    match = re.search(r"(?is)\bpartition\s+by\s*\(([^)]*)\)(\s*include)?", text)
    if match is None:
        return text, (), False
    names = tuple(name.strip().strip('"').lower() for name in match[1].split(","))
    return text[: match.start()] + text[match.end() :], names, match[2] is not None


def _file_size(text: str) -> tuple[str, int]:
    match = re.search(r"(?is)\bmaxfilesize\s+(?:as\s+)?([\d.]+)\s*(mb|gb)?", text)
    if match is None:
        return text, 6_656_000_000
    unit = 1 << (20 if (match[2] or "MB").upper() == "MB" else 30)
    return text[: match.start()] + text[match.end() :], int(float(match[1]) * unit)
