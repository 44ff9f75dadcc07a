"""The COPY statement, parsed.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
"""

from __future__ import annotations

from dataclasses import dataclass

from localaws.redshift.sql.statement import SyntaxProblem, UnsupportedStatement
from localaws.redshift.sql.tokens import Words
from localaws.redshift.transfer import options
from localaws.redshift.transfer.options import Authorization, Options

_WITH_VALUE = frozenset(
    ("DELIMITER", "NULL", "DATEFORMAT", "TIMEFORMAT", "ENCODING", "IGNOREHEADER", "MAXERROR", "IAM_ROLE",
     "CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "TOKEN", "REGION", "COMPROWS",
     "READRATIO", "FIXEDWIDTH")
)
_MAYBE = frozenset(("JSON", "AVRO", "ACCEPTINVCHARS", "COMPUPDATE", "STATUPDATE", "QUOTE", "PARQUET", "ORC"))
_FLAGS = frozenset(
    ("CSV", "GZIP", "BZIP2", "ZSTD", "LZOP", "MANIFEST", "REMOVEQUOTES", "ESCAPE", "BLANKSASNULL", "EMPTYASNULL",
     "TRIMBLANKS", "TRUNCATECOLUMNS", "FILLRECORD", "IGNOREBLANKLINES", "IGNOREALLERRORS", "ROUNDEC", "EXPLICIT_IDS",
     "ACCEPTANYDATE", "NOLOAD", "SERIALIZETOJSON", "ENCRYPTED", "SSH", "SHAPEFILE", "FILLTARGET")
)
_UNSUPPORTED = ("AVRO", "LZOP", "SSH", "SHAPEFILE", "ENCRYPTED")


@dataclass(frozen=True)
class CopyCommand:
    """COPY table [(columns)] FROM url options."""

    table: str
    columns: tuple[str, ...]
    """In lower case; empty where the statement lists none."""
    url: str
    authorization: Authorization
    options: Options

    @property
    def file_format(self) -> str:
        """`csv`, `json`, `parquet`, `orc`, `fixed` or `text`."""
        for word in ("CSV", "JSON", "PARQUET", "ORC"):
            if word in self.options.flags:
                return word.lower()
        return "fixed" if "FIXEDWIDTH" in self.options.values else "text"

    @property
    def delimiter(self) -> str:
        """Between two fields."""
        given = self.options.values.get("DELIMITER")
        return options.character(given) if given is not None else "," if self.file_format == "csv" else "|"

    @property
    def compression(self) -> str:
        """`gzip`, `bz2`, `zstd` or "" for none."""
        for word, name in (("GZIP", "gzip"), ("BZIP2", "bz2"), ("ZSTD", "zstd")):
            if word in self.options.flags:
                return name
        return ""

    @property
    def max_errors(self) -> int:
        """How many rejected rows make the load fail; 0 is as strict as 1."""
        if "IGNOREALLERRORS" in self.options.flags:
            return 1 << 62
        return self.options.number("MAXERROR", 0)


def is_copy(text: str) -> bool:
    """Whether the statement is a COPY."""
    return Words(text).word(0) == "COPY"


def parse(text: str) -> CopyCommand:
    """Parse a COPY statement. Raises SyntaxProblem or UnsupportedStatement."""
    words = Words(text)
    if words.word(0) != "COPY" or len(words) < 4:
        raise SyntaxProblem("syntax error in COPY")
    table, index = words.qualified(1)
    columns: list[str] = []
    if words.word(index) == "(":
        after = words.after_group(index)
        columns = [words.name(one) for one in range(index + 1, after - 1) if words.word(one) != ","]
        index = after
    if words.word(index) != "FROM" or index + 1 >= len(words):
        raise SyntaxProblem(f'syntax error at or near "{words.name(index) or "end of input"}": COPY needs FROM')
    url = options.value(words, index + 1)
    if not url.startswith("s3://"):
        raise UnsupportedStatement(f"COPY from {url.split(':')[0]} is not supported by the local Redshift")
    said = options.read(words, index + 2, _WITH_VALUE, _MAYBE, _FLAGS)
    for word in _UNSUPPORTED:
        if word in said.flags:
            raise UnsupportedStatement(f"COPY with {word} is not supported by the local Redshift")
    if "ESCAPE" in said.flags and "REMOVEQUOTES" not in said.flags and "CSV" in said.flags:
        raise SyntaxProblem("CSV is not compatible with ESCAPE")
    if "CSV" in said.flags and said.flags & {"REMOVEQUOTES", "FIXEDWIDTH"}:
        raise SyntaxProblem("CSV is not compatible with REMOVEQUOTES or FIXEDWIDTH")
    return CopyCommand(table, tuple(columns), url, options.authorization(said), said)
