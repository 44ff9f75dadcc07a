"""What follows the source of COPY and the target of UNLOAD: words, some with an argument."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from localaws.redshift.sql.statement import SyntaxProblem, UnsupportedStatement
from localaws.redshift.sql.tokens import Words


@dataclass(frozen=True)
class Authorization:
    """Who reads or writes S3."""

    role: str = ""
    """ARN, several separated by commas to assume one through the other, or `default`."""
    access_key_id: str = ""
    secret_access_key: str = ""
    session_token: str = ""


@dataclass
class Options:
    """The options of one command: `flags` without an argument, `values` with one."""

    flags: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)

    def number(self, name: str, default: int) -> int:
        """An option that is a number."""
        try:
            return int(self.values.get(name, default))
        except ValueError:
            raise SyntaxProblem(f"{name} must be a number") from None


def read(
    words: Words, index: int, with_value: frozenset[str], maybe: frozenset[str], flags: frozenset[str]
) -> Options:
    """Read options to the end. `maybe` may have a value or none."""
    found = Options()
    while index < len(words):
        word = words.word(index)
        index += 1
        if word in ("FORMAT", "AS", "WITH", ";"):
            continue
        if word in with_value or word in maybe:
            if words.word(index) == "AS":
                index += 1
            if index < len(words) and (word in with_value or _is_value(words, index, word)):
                found.values[word] = value(words, index)
                index += 1
            elif word in with_value:
                raise SyntaxProblem(f"syntax error: {word} needs a value")
            if word in maybe:
                found.flags.add(word)
        elif word in flags:
            found.flags.add(word)
        else:
            raise SyntaxProblem(f'syntax error at or near "{words.tokens[index - 1].text}"')
    return found


def _is_value(words: Words, index: int, word: str) -> bool:
    if words.word(index) == "":
        return True
    return word in ("COMPUPDATE", "STATUPDATE", "PARALLEL") and words.word(index) in (
        "ON", "OFF", "TRUE", "FALSE", "PRESET"
    )


def value(words: Words, index: int) -> str:
    """An argument as written: quotes doubled inside a string are one, and backslashes are left to the option."""
    written = words.text[words.start(index) : words.end(index)]
    if written[:1] == "'" and written[-1:] == "'":
        return written[1:-1].replace("''", "'")
    return written


def character(text: str) -> str:
    r"""A delimiter, a quote: one character, or `\t`, `\n`, `\001`, `\\`."""
    escaped = text.replace("\\\\", "\\")
    known = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\0": "\0", "\\": "\\"}
    if escaped in known:
        return known[escaped]
    if match := re.fullmatch(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3}))", escaped):
        return chr(int(match[1], 16) if match[1] else int(match[2], 8))
    return escaped


def authorization(options: Options) -> Authorization:
    """Who reads or writes S3, in any of the forms that Redshift accepts.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-authorization.html
    """
    values = options.values
    if "IAM_ROLE" in values:
        return Authorization(role=values["IAM_ROLE"])
    if "ACCESS_KEY_ID" in values:
        return Authorization(
            access_key_id=values["ACCESS_KEY_ID"],
            secret_access_key=values.get("SECRET_ACCESS_KEY", ""),
            session_token=values.get("SESSION_TOKEN", values.get("TOKEN", "")),
        )
    if "CREDENTIALS" in values:
        said = dict(part.split("=", 1) for part in values["CREDENTIALS"].split(";") if "=" in part)
        if "aws_iam_role" in said:
            return Authorization(role=said["aws_iam_role"])
        return Authorization(
            access_key_id=said.get("aws_access_key_id", ""),
            secret_access_key=said.get("aws_secret_access_key", ""),
            session_token=said.get("token", ""),
        )
    raise SyntaxProblem("the statement names no IAM_ROLE, CREDENTIALS or ACCESS_KEY_ID")


def bucket_and_key(url: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`."""
    if not url.startswith("s3://"):
        raise UnsupportedStatement(f"only s3:// is supported by the local Redshift, not {url}")
    bucket, _, key = url[5:].partition("/")
    return bucket, key
