"""Functions that cannot be defined in PostgreSQL under their own name: those that take a bare date part, a type, any
number of arguments of any type, or a clause after the parentheses."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from localaws.redshift.sql import date_parts
from localaws.redshift.sql.statement import SyntaxProblem

Rewrite = Callable[[list[exp.Expression]], exp.Expression]


def call(name: str, *arguments: exp.Expression) -> exp.Anonymous:
    """A call of a function by name."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def rewritten(node: exp.Anonymous) -> exp.Expression:
    """The call in PostgreSQL's words; most stay as they are."""
    rewrite = _REWRITES.get(str(node.this).upper())
    return rewrite(node.expressions) if rewrite else node


def _part_name(node: exp.Expression) -> str:
    written = node.name if isinstance(node, (exp.Column, exp.Literal, exp.Var, exp.Identifier)) else node.sql()
    found = date_parts.part(written)
    if found is None:
        raise SyntaxProblem(f'invalid date part "{written}"')
    return found


def _moment(node: exp.Expression) -> exp.Expression:
    """A string literal where a date stands is a timestamp without a time zone."""
    return exp.cast(node, "timestamp") if isinstance(node, exp.Literal) and node.is_string else node


def _with_part(name: str) -> Rewrite:
    def rewrite(arguments: list[exp.Expression]) -> exp.Expression:
        if len(arguments) < 2:
            raise SyntaxProblem(f"function {name} needs a date part and more")
        part = exp.Literal.string(_part_name(arguments[0]))
        if name == "dateadd":
            return call("rs_dateadd", part, *arguments[1:-1], _moment(arguments[-1]))
        return call(f"rs_{name}", part, *(_moment(one) for one in arguments[1:]))

    return rewrite


def _date_part(arguments: list[exp.Expression]) -> exp.Expression:
    part = _part_name(arguments[0])
    return call("date_part", exp.Literal.string(date_parts.postgres_part(part) or part), *map(_moment, arguments[1:]))


def _moments(name: str) -> Rewrite:
    return lambda arguments: call(name, *(_moment(one) for one in arguments))


def _concat(arguments: list[exp.Expression]) -> exp.Expression:
    """CONCAT of anything with NULL is NULL, unlike PostgreSQL's."""
    texts = [exp.cast(one, "text") for one in arguments]
    result: exp.Expression = texts[0]
    for one in texts[1:]:
        result = exp.DPipe(this=result, expression=one)
    return exp.paren(result)


def _coalesce(arguments: list[exp.Expression]) -> exp.Expression:
    return exp.Coalesce(this=arguments[0], expressions=arguments[1:])


def _nvl2(arguments: list[exp.Expression]) -> exp.Expression:
    present = exp.Not(this=exp.Is(this=arguments[0], expression=exp.Null()))
    return exp.Case(ifs=[exp.If(this=present, true=arguments[1])], default=arguments[2])


def _decode(arguments: list[exp.Expression]) -> exp.Expression:
    """DECODE compares as IS NOT DISTINCT FROM does: NULL equals NULL.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_DECODE_expression.html
    """
    subject, rest = arguments[0], arguments[1:]
    default = rest[-1] if len(rest) % 2 else None
    branches = []
    for index in range(0, len(rest) - 1, 2):
        search = rest[index]
        same = exp.Is(this=subject, expression=search) if isinstance(search, exp.Null) else exp.NullSafeEQ(
            this=subject, expression=search
        )
        branches.append(exp.If(this=same.copy(), true=rest[index + 1]))
    return exp.Case(ifs=branches, default=default)


def _json_path(arguments: list[exp.Expression]) -> exp.Expression:
    lenient: exp.Expression = exp.false()
    if isinstance(arguments[-1], exp.Boolean):
        *arguments, lenient = arguments
    keys = [exp.cast(one, "text") for one in arguments[1:]]
    return call("rs_json_path", arguments[0], lenient, *keys)


def _sysdate(_: list[exp.Expression]) -> exp.Expression:
    return call("rs_sysdate")


def _charindex(arguments: list[exp.Expression]) -> exp.Expression:
    return call("strpos", arguments[1], arguments[0])


def _renamed(name: str) -> Rewrite:
    return lambda arguments: call(name, *arguments)


_REWRITES: dict[str, Rewrite] = {
    "DATEADD": _with_part("dateadd"),
    "DATE_ADD": _with_part("dateadd"),
    "DATEDIFF": _with_part("datediff"),
    "DATE_DIFF": _with_part("datediff"),
    "DATE_PART": _date_part,
    "PGDATE_PART": _date_part,
    "DATE_TRUNC": lambda arguments: call(
        "date_trunc",
        exp.Literal.string(_part_name(arguments[0])) if isinstance(arguments[0], exp.Literal) else arguments[0],
        *map(_moment, arguments[1:]),
    ),
    "LAST_DAY": _moments("last_day"),
    "ADD_MONTHS": _moments("add_months"),
    "MONTHS_BETWEEN": _moments("months_between"),
    "NEXT_DAY": lambda arguments: call("next_day", _moment(arguments[0]), *arguments[1:]),
    "CONVERT_TIMEZONE": lambda arguments: call("convert_timezone", *arguments[:-1], _moment(arguments[-1])),
    "TO_CHAR": lambda arguments: call("rs_to_char", *arguments),
    "CONCAT": _concat,
    "NVL": _coalesce,
    "ISNULL": _coalesce,
    "IFNULL": _coalesce,
    "NVL2": _nvl2,
    "DECODE": _decode,
    "JSON_EXTRACT_PATH_TEXT": _json_path,
    "JSON_SERIALIZE": _renamed("rs_compact"),
    "SYSDATE": _sysdate,
    "CHARINDEX": _charindex,
    "POSITION": _charindex,
    "LEN": _renamed("length"),
    "TEXTLEN": _renamed("length"),
    "SUBSTR": _renamed("rs_substring"),
    "REGEXP_REPLACE": _renamed("rs_regexp_replace"),
    "REGEXP_SUBSTR": _renamed("rs_regexp_substr"),
    "REGEXP_INSTR": _renamed("rs_regexp_instr"),
    "REGEXP_COUNT": _renamed("rs_regexp_count"),
    "VERSION": _renamed("rs_version"),
    "OBJECT": _renamed("jsonb_build_object"),
    "ARRAY": _renamed("jsonb_build_array"),
    "SHA": _renamed("sha1"),
    "FUNC_SHA1": _renamed("sha1"),
    "JSON_ARRAY_LENGTH": _renamed("rs_json_array_length"),
    "JSON_TYPEOF": _renamed("jsonb_typeof"),
    "DEXP": _renamed("exp"),
    "DLOG1": _renamed("ln"),
    "DLOG10": _renamed("log"),
    "BIT_LENGTH": _renamed("bit_length"),
    "ANY_VALUE": _renamed("rs_any_value"),
}
