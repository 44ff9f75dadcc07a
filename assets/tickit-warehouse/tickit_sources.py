"""Where a table comes from: what the argument of a source says."""

import re
from urllib.parse import parse_qsl

from tickit_tables import FILES

FORMATS = ("csv", "tsv", "pipe", "json", "xml")
DATABASES = ("postgresql", "mysql", "sqlserver")

_ENDINGS = {
    "_pipe.txt": "pipe", ".pipe": "pipe", ".psv": "pipe", "_tab.txt": "tsv", ".tsv": "tsv", ".tab": "tsv",
    ".csv": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json", ".xml": "xml",
}
_OPTIONS = {"format", "header", "null", "quote", "encoding", "row"}


class SourceError(Exception):
    """A source that cannot be what it should be: what was expected, and what was found."""


class FileSource:
    """An object of a bucket, or all objects below a prefix, and how to read them."""

    def __init__(self, bucket, key, options):
        self.bucket = bucket
        self.key = key
        self.options = options

    def __str__(self):
        return f"s3://{self.bucket}/{self.key}"

    @property
    def is_prefix(self):
        return not self.key or self.key.endswith("/")

    def format(self, key):
        """The format of an object: as it was said, or by the ending of its name."""
        if "format" in self.options:
            return self.options["format"]
        name = re.sub(r"\.gz$", "", key.lower())
        for ending, found in _ENDINGS.items():
            if name.endswith(ending):
                return found
        raise SourceError(
            f"s3://{self.bucket}/{key}: the name does not tell the format; expected an ending of "
            f"{', '.join(sorted(_ENDINGS))}, or ?format= with one of {', '.join(FORMATS)}")


class DatabaseSource:
    """A table of a database, and the secret that says where it is and who reads it."""

    def __init__(self, engine, secret, name):
        self.engine = engine
        self.secret = secret
        self.name = name

    def __str__(self):
        return f"{self.engine}://{self.secret}/{self.name}"


def source(table, text, origin):
    """What `text` says about where `table` is; without a text, its own file in the origin. Raises SourceError."""
    text = text or FILES[table]
    scheme, found, rest = text.partition("://")
    if not found:
        base = origin if origin.startswith("s3://") else f"s3://{origin}"
        if base == "s3://":
            raise SourceError(f"{table}: {text!r} is a file of the origin, and --origin was not given")
        return _file(table, f"{base[len('s3://'):].rstrip('/')}/{text}")
    if scheme == "s3":
        return _file(table, rest)
    if scheme in DATABASES:
        secret, _, name = rest.rpartition("/")
        if not secret or not re.fullmatch(r"[^\s.;'\"`\[\]?]+(\.[^\s.;'\"`\[\]?]+)?", name):
            raise SourceError(f"{table}: expected {scheme}://SECRET/schema.table, found {text!r}")
        return DatabaseSource(scheme, secret, name)
    known = ", ".join(f"{one}://" for one in ("s3", *DATABASES))
    raise SourceError(f"{table}: expected a key in the origin or an address that begins with {known}; found {text!r}")


def _file(table, rest):
    address, _, query = rest.partition("?")
    bucket, _, key = address.partition("/")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(options.keys() - _OPTIONS):
        raise SourceError(f"{table}: unknown option {unknown[0]!r}; there are {', '.join(sorted(_OPTIONS))}")
    if options.get("format", "csv") not in FORMATS:
        raise SourceError(f"{table}: format is one of {', '.join(FORMATS)}, not {options['format']!r}")
    if options.get("header", "yes") not in ("yes", "no"):
        raise SourceError(f"{table}: header is yes or no, not {options['header']!r}")
    if len(options.get("quote", '"')) != 1 and options["quote"] != "none":
        raise SourceError(f"{table}: quote is one character or none, not {options['quote']!r}")
    return FileSource(bucket, key, options)
