"""Trino's queries, said in DuckDB's.

The library knows most functions; those it says with another meaning are rewritten here, or exist in the database
under `trino_` (`macros.sql`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from sqlglot import exp, parse_one
from sqlglot.dialects.trino import Trino
from sqlglot.errors import SqlglotError

from localaws.athena.sql.problems import Mismatched

MACROS = (
    "date_diff", "date_add", "regexp_extract", "regexp_replace", "from_unixtime", "to_unixtime", "to_iso8601",
    "from_iso8601_timestamp", "from_iso8601_date", "md5", "sha1", "sha256", "to_utf8", "from_utf8", "to_hex",
    "from_hex", "slice", "url_extract_host", "url_extract_path", "url_extract_query", "url_extract_protocol",
    "url_extract_parameter", "url_extract_port", "url_encode", "url_decode", "bitwise_and", "bitwise_or",
    "bitwise_xor", "bitwise_not", "truncate", "log", "format", "array_join", "split_to_map",
    "json_array_length", "json_size", "json_array_get", "map_agg", "is_finite", "is_nan", "is_infinite",
    "infinity", "nan", "e", "codepoint", "date", "to_base64", "from_base64", "with_timezone", "at_timezone",
    "json_format", "json_parse", "map_keys", "map_values", "concat_ws", "day_of_week", "dow", "day_of_month",
    "day_of_year", "doy", "week_of_year", "year_of_week", "yow", "levenshtein_distance", "hamming_distance",
    "arrays_overlap", "array_position", "array_remove", "contains", "repeat", "typeof", "geometric_mean",
    "every", "array_min", "array_max", "array_distinct", "flatten", "sequence", "last_day_of_month", "split",
    "regexp_like", "json_extract", "rand", "regexp_split", "regexp_count", "strpos", "map_concat",
    "array_average", "array_sum", "zip", "histogram", "json_extract_scalar", "current_timezone", "millisecond",
    "starts_with", "normalize", "date_trunc", "width_bucket",
)
"""Functions that are kept as written and called as `trino_...`."""

_LAMBDAS = ("transform", "filter", "reduce", "any_match", "all_match", "none_match", "map_filter", "transform_values")


class TrinoSource(Trino):  # type: ignore[misc]
    """Trino's SQL with the functions above kept as written."""

    class Parser(Trino.Parser):  # type: ignore[misc]
        FUNCTIONS: ClassVar[dict[str, Any]] = {
            name: build for name, build in Trino.Parser.FUNCTIONS.items()
            if name.lower() not in MACROS and name.lower() not in _LAMBDAS
        }


def parse(text: str) -> Any:
    """The syntax tree of a query. Raises Mismatched."""
    try:
        return parse_one(text, dialect=TrinoSource)
    except SqlglotError as error:
        raise Mismatched(_where(error)) from None


def _where(error: SqlglotError) -> str:
    for one in getattr(error, "errors", None) or []:
        return f"line {one['line']}:{one['col']}: mismatched input '{one['highlight']}'. {one['description']}"
    return f"line 1:1: {error}"


def to_duckdb(tree: Any, *, rows: bool = False) -> str:
    """The query in DuckDB's words, with Athena's names for columns that have none.

    `UNNEST(x) AS u(a, b)` may be of a map or of rows, which only the types tell: `rows` says which is meant.
    """
    tree = tree.copy()
    for unnest in tree.find_all(exp.Unnest):
        unnest.meta["rows"] = rows
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("this", identifier.name.lower())
    for node in reversed(list(tree.walk(bfs=True))):
        new = _node(node)
        if new is not node:
            if node is tree:
                tree = new
            else:
                node.replace(new)
    _name_columns(tree)
    return str(tree.sql(dialect="duckdb"))


def _name_columns(tree: Any) -> None:
    """`_col0` and so on, in every query.

    Source: https://docs.aws.amazon.com/athena/latest/ug/select.html
    """
    for select in tree.find_all(exp.Select):
        tested = select.find_ancestor(exp.In, exp.Exists) and not isinstance(select.parent, exp.CTE)
        if select.meta.get("own") or tested:
            continue
        named = []
        for number, one in enumerate(select.expressions):
            plain = isinstance(one, (exp.Alias, exp.Column, exp.Star, exp.Dot)) or one.is_star
            named.append(one if plain else exp.alias_(one, f"_col{number}", quoted=True))
        select.set("expressions", named)


def _node(node: Any) -> Any:
    if isinstance(node, exp.Anonymous):
        name = str(node.this).lower()
        if name in _LAMBDAS:
            return _LAMBDA_RULES[name](node.expressions)
        if name in MACROS and not (name == "concat_ws" and len(node.expressions) > 2):
            node.set("this", f"trino_{name}")
    elif isinstance(node, exp.Cast) and not isinstance(node, exp.TryCast) and node.to.is_type("json"):
        return exp.Anonymous(this="to_json", expressions=[node.this])
    elif isinstance(node, exp.Dot) and isinstance(node.this, (exp.Bracket, exp.Anonymous)):
        return exp.Dot(this=exp.paren(node.this.copy()), expression=node.expression)
    elif isinstance(node, exp.Div):
        return _call("trino_divide", node.this, node.expression)
    elif isinstance(node, (exp.Add, exp.Sub)):
        return _with_interval(node)
    elif isinstance(node, exp.Unnest):
        return _unnest(node)
    elif isinstance(node, exp.DataType) and node.is_type("decimal") and not node.expressions:
        return _decimal(node)
    return node


def _with_interval(node: Any) -> Any:
    """A date and an interval are a date in Trino, a timestamp in DuckDB."""
    if isinstance(node.expression, exp.Interval):
        return _call("trino_plus" if isinstance(node, exp.Add) else "trino_minus", node.this, node.expression)
    if isinstance(node, exp.Add) and isinstance(node.this, exp.Interval):
        return _call("trino_plus", node.expression, node.this)
    return node


def _decimal(node: Any) -> Any:
    """`DECIMAL '1.50'` has the digits of its literal; a bare DECIMAL has 38."""
    cast = node.parent
    literal = cast.this if isinstance(cast, exp.Cast) else None
    precision, scale = 38, 0
    if isinstance(literal, exp.Literal) and literal.is_string:
        whole, _, fraction = literal.name.strip().lstrip("+-").partition(".")
        precision, scale = max(len(whole) + len(fraction), 1), len(fraction)
    return exp.DataType.build(f"decimal({precision}, {scale})")


def _unnest(node: Any) -> Any:
    """UNNEST of several arrays, of a map, and of rows: a subquery beside the table."""
    alias = node.args.get("alias")
    names = alias.args.get("columns") or [] if alias else []
    if node.args.get("offset") or (len(node.expressions) == 1 and len(names) < 2):
        return node
    if len(node.expressions) > 1:
        taken = [_call("unnest", one) for one in node.expressions]
    elif node.meta.get("rows"):
        taken = [exp.maybe_parse("unnest(x, max_depth := 2)", dialect="duckdb")]
        taken[0].find(exp.Column).replace(node.expressions[0].copy())
    else:
        taken = [_call("unnest", _call(name, node.expressions[0].copy())) for name in ("map_keys", "map_values")]
    query = exp.select(*taken)
    query.meta["own"] = True
    return exp.Subquery(this=query, alias=alias.copy())


def _call(name: str, *arguments: Any) -> Any:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _reduce(arguments: list[Any]) -> Any:
    """REDUCE with its finishing lambda put around the result."""
    array, start, step, finish = arguments
    reduced = _call("list_reduce", array, step, start)
    parameter = finish.expressions[0].name
    body = finish.this.copy()
    if isinstance(body, (exp.Identifier, exp.Column)) and body.name == parameter:
        return reduced
    for one in list(body.find_all(exp.Column, exp.Identifier)):
        if one.name == parameter and not isinstance(one.parent, exp.Column):
            one.replace(reduced.copy())
    return exp.paren(body)


def _matching(arguments: list[Any]) -> Any:
    return _call("len", _call("list_filter", arguments[0], arguments[1]))


_LAMBDA_RULES: dict[str, Callable[[list[Any]], Any]] = {
    "transform": lambda arguments: _call("list_transform", *arguments),
    "filter": lambda arguments: _call("list_filter", *arguments),
    "reduce": _reduce,
    "any_match": lambda arguments: exp.paren(exp.GT(this=_matching(arguments), expression=exp.Literal.number(0))),
    "none_match": lambda arguments: exp.paren(exp.EQ(this=_matching(arguments), expression=exp.Literal.number(0))),
    "all_match": lambda arguments: exp.paren(
        exp.EQ(this=_matching(arguments), expression=_call("len", arguments[0].copy()))
    ),
    "map_filter": lambda arguments: _call("map_from_entries", _call("list_filter", _call("map_entries", arguments[0]),
                                                                    _on_entry(arguments[1]))),
    "transform_values": lambda arguments: _call(
        "map", _call("map_keys", arguments[0]),
        _call("list_transform", _call("map_entries", arguments[0].copy()), _on_entry(arguments[1])),
    ),
}


def _on_entry(function: Any) -> Any:
    """A lambda of key and value as one of an entry."""
    key, value = (one.name for one in function.expressions)
    body = function.this.copy()
    wrapper = exp.paren(body)
    for one in list(wrapper.find_all(exp.Column, exp.Identifier)):
        if one.name in (key, value) and not isinstance(one.parent, exp.Column):
            one.replace(exp.Dot(this=exp.to_identifier("entry_"),
                                expression=exp.to_identifier("key" if one.name == key else "value")))
    return exp.Lambda(this=wrapper, expressions=[exp.to_identifier("entry_")])
