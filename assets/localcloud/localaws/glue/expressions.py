"""The filter of GetPartitions: SQL over partition keys, evaluated here, never by a database.

Source: https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html (AND, OR, NOT, comparisons, BETWEEN,
IN, LIKE, IS NULL; keys are strings, numbers, dates or timestamps).
"""

from __future__ import annotations

import datetime
import decimal
import re
from collections.abc import Callable, Mapping
from typing import Any

from localaws.glue.operation import invalid

_NUMBERS = ("int", "bigint", "smallint", "tinyint", "long", "float", "double", "decimal", "integer")

Test = Callable[[Mapping[str, str]], bool]


def compiled(expression: str, types: Mapping[str, str]) -> Test:
    """A test of a partition's values by key, for an expression; `types` are those of the keys, by lower-case name."""
    import sqlglot
    from sqlglot import exp

    try:
        tree = sqlglot.parse_one(expression, read="hive")
    except sqlglot.errors.SqlglotError as error:
        raise invalid(f"Unsupported expression '{expression}': {error}") from None

    def value(node: Any, values: Mapping[str, str], kind: str) -> Any:
        if isinstance(node, exp.Column):
            name = node.name.lower()
            if name not in types:
                raise invalid(f"Unknown partition key '{node.name}' in expression '{expression}'")
            raw = values.get(name)
            return None if raw in (None, "__HIVE_DEFAULT_PARTITION__") else typed(str(raw), kind)
        if isinstance(node, exp.Literal):
            return typed(node.this, kind)
        if isinstance(node, exp.Neg):
            return typed("-" + node.this.this, kind)
        if isinstance(node, exp.Paren):
            return value(node.this, values, kind)
        if isinstance(node, exp.Cast | exp.Date | exp.Timestamp):
            return value(node.this, values, kind)
        raise invalid(f"Unsupported expression '{node.sql()}'")

    def kind_of(*nodes: Any) -> str:
        for node in nodes:
            for column in node.find_all(exp.Column):
                return types.get(column.name.lower(), "string")
        return "string"

    comparisons: dict[type, Callable[[Any, Any], bool]] = {
        exp.EQ: lambda a, b: a == b,
        exp.NEQ: lambda a, b: a != b,
        exp.GT: lambda a, b: a > b,
        exp.GTE: lambda a, b: a >= b,
        exp.LT: lambda a, b: a < b,
        exp.LTE: lambda a, b: a <= b,
    }

    def test(node: Any, values: Mapping[str, str]) -> bool:
        if isinstance(node, exp.And):
            return test(node.left, values) and test(node.right, values)
        if isinstance(node, exp.Or):
            return test(node.left, values) or test(node.right, values)
        if isinstance(node, exp.Not):
            return not test(node.this, values)
        if isinstance(node, exp.Paren):
            return test(node.this, values)
        if isinstance(node, exp.Boolean):
            return bool(node.this)
        if isinstance(node, exp.Is):
            return value(node.this, values, "string") is None
        kind = kind_of(node)
        if type(node) in comparisons:
            left, right = value(node.left, values, kind), value(node.right, values, kind)
            return left is not None and right is not None and comparisons[type(node)](left, right)
        left = value(node.this, values, kind) if isinstance(node, exp.Between | exp.In | exp.Like) else None
        if isinstance(node, exp.Between):
            low, high = value(node.args["low"], values, kind), value(node.args["high"], values, kind)
            return left is not None and low <= left <= high
        if isinstance(node, exp.In):
            return left in [value(one, values, kind) for one in node.expressions]
        if isinstance(node, exp.Like):
            pattern = re.escape(str(value(node.expression, values, "string"))).replace("%", ".*").replace("_", ".")
            return left is not None and re.fullmatch(pattern, str(left)) is not None
        raise invalid(f"Unsupported expression '{node.sql()}'")

    test(tree, {})  # an unknown key or construct is told at once
    return lambda values: test(tree, values)


def typed(text: str, kind: str) -> Any:
    """A partition's value, or a literal, as its key's type compares."""
    base = kind.lower().partition("(")[0]
    try:
        if base in _NUMBERS:
            return decimal.Decimal(text)
        if base == "date":
            return datetime.date.fromisoformat(text[:10])
        if base == "timestamp":
            return datetime.datetime.fromisoformat(text)
    except (ValueError, decimal.InvalidOperation):
        raise invalid(f"{text} is not a {kind}") from None
    return text
