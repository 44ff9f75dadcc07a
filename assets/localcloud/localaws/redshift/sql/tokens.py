"""Statements as Redshift's tokens: where one ends, and where its named parameters are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlglot.dialects.redshift import Redshift
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from localaws.redshift.sql.statement import SyntaxProblem

_NOT_KEYWORDS = (TokenType.STRING, TokenType.IDENTIFIER, TokenType.HEREDOC_STRING, TokenType.RAW_STRING)


class _EveryWord(Redshift):  # type: ignore[misc]
    """Redshift's tokens; the library gives some statements, such as EXPLAIN, as a word and an undivided rest."""

    class Tokenizer(Redshift.Tokenizer):  # type: ignore[misc]
        COMMANDS: ClassVar[set[Any]] = set()


class Words:
    """The tokens of a text; `word(i)` is the i-th in upper case, "" where it is a string, a quoted name or no more."""

    def __init__(self, text: str) -> None:
        try:
            self.tokens: list[Any] = _EveryWord().tokenize(text)
        except SqlglotError as error:
            raise SyntaxProblem(f"syntax error: {error}") from None
        self.text = text

    def __len__(self) -> int:
        return len(self.tokens)

    def word(self, index: int) -> str:
        """The token as a keyword."""
        if not 0 <= index < len(self.tokens) or self.tokens[index].token_type in _NOT_KEYWORDS:
            return ""
        return str(self.tokens[index].text).upper()

    def words(self, start: int, count: int) -> tuple[str, ...]:
        """Several tokens as keywords."""
        return tuple(self.word(index) for index in range(start, start + count))

    def name(self, index: int) -> str:
        """The token as a name, folded to lower case as Redshift does even to a quoted one.

        Source: https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
        """
        return str(self.tokens[index].text).lower() if index < len(self.tokens) else ""

    def start(self, index: int) -> int:
        """Offset of the token's first character."""
        return int(self.tokens[index].start)

    def end(self, index: int) -> int:
        """Offset after the token's last character."""
        return int(self.tokens[index].end) + 1

    def after_group(self, index: int) -> int:
        """The index after the parenthesised group that opens at `index`."""
        depth = 0
        while index < len(self.tokens):
            depth += {"(": 1, ")": -1}.get(self.word(index), 0)
            index += 1
            if depth == 0:
                break
        return index

    def qualified(self, index: int) -> tuple[str, int]:
        """The dotted name at `index` as written, and the index after it."""
        begun = index
        index += 1
        while self.word(index) == "." and index + 1 < len(self.tokens):
            index += 2
        return self.text[self.start(begun) : self.end(index - 1)], index


def split(text: str) -> list[str]:
    """The statements of a text; a semicolon in a string, a comment or a `$$` body divides nothing."""
    words = Words(text)
    found: list[str] = []
    begun = 0
    for token in words.tokens:
        if token.token_type == TokenType.SEMICOLON:
            found.append(text[begun : token.start])
            begun = token.end + 1
    found.append(text[begun:])
    return [statement.strip() for statement in found if _says_something(statement)]


def _says_something(statement: str) -> bool:
    return bool(statement.strip()) and len(Words(statement)) > 0


def parameters_in(text: str) -> list[tuple[int, int, str]]:
    """Where `:name` stands for a parameter: start, end and name of each."""
    words = Words(text)
    found = []
    for index in range(len(words) - 1):
        if words.word(index) != ":" or words.start(index + 1) != words.end(index):
            continue
        name = str(words.tokens[index + 1].text)
        if words.tokens[index + 1].token_type not in _NOT_KEYWORDS and name.isidentifier():
            found.append((words.start(index), words.end(index + 1), name))
    return found


def bind(text: str, values: Mapping[str, str]) -> str:
    """Put parameters into a statement, as literals without a type: PostgreSQL takes the type from where they stand."""
    for start, end, name in reversed(parameters_in(text)):
        text = text[:start] + literal(values[name]) + text[end:]
    return text


def literal(value: str) -> str:
    """A string literal of Redshift's, where a backslash escapes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
