"""Redshift's syntax tree made PostgreSQL's."""

from __future__ import annotations

from sqlglot import exp

from localaws.redshift.sql import date_parts
from localaws.redshift.sql.functions import call, rewritten
from localaws.redshift.sql.pivots import unfold_pivots
from localaws.redshift.sql.semistructured import is_path, navigate, number_of, text_of
from localaws.redshift.sql.statement import SyntaxProblem, UnsupportedStatement

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.ILike, exp.NullSafeEQ)
_AGGREGATE_WRAPPERS = (exp.Window, exp.Filter)
_WITHOUT_NULLS = {"FirstValue": "rs_first_known", "LastValue": "rs_last_known"}


def rewrite(tree: exp.Expression) -> exp.Expression:
    """The same statement, as PostgreSQL understands it."""
    for identifier in tree.find_all(exp.Identifier):
        _fold(identifier)
    navigate(tree)
    unfold_pivots(tree)
    if isinstance(tree, exp.Create):
        _create(tree)
    # Inner nodes first, so that a rule sees its arguments in their final form.
    for node in reversed(list(tree.walk(bfs=True))):
        new = _node(node)
        if new is not node:
            if node is tree:
                tree = new
            else:
                node.replace(new)
    return tree


def _fold(identifier: exp.Identifier) -> None:
    """Names are lower case, quoted or not. A temporary table keeps its `#`, in quotes."""
    name = identifier.name.lower()
    identifier.set("this", name)
    if name.startswith("#"):
        identifier.set("quoted", True)


def _node(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.DataType):
        return _type(node)
    if isinstance(node, exp.Cast):
        return _cast(node)
    if isinstance(node, exp.Extract):
        return _extract(node)
    if isinstance(node, exp.ApproxDistinct):
        return exp.Count(this=exp.Distinct(expressions=[node.this]))
    if isinstance(node, (exp.WithinGroup, exp.Anonymous, exp.IgnoreNulls)):
        return _function(node)
    if isinstance(node, exp.Window) and isinstance(node.this, exp.Anonymous) and node.this.name.upper() == "MEDIAN":
        raise UnsupportedStatement("MEDIAN as a window function is not supported here")
    if isinstance(node, _COMPARISONS):
        _compare(node)
    elif isinstance(node, exp.In) and is_path(node.this):
        node.set("this", text_of(node.this))
    elif isinstance(node, exp.Column) and node.name == "sysdate" and not node.table and not node.this.quoted:
        return call("rs_sysdate")
    elif isinstance(node, exp.Insert) and node.find_ancestor(exp.Merge):
        _merge_insert(node)
    elif isinstance(node, exp.Into):
        _into(node)
    return node


def _function(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.IgnoreNulls):
        known = _WITHOUT_NULLS.get(type(node.this).__name__)
        if known is None:
            raise UnsupportedStatement(f"IGNORE NULLS with {node.this.sql()} is not supported here")
        return call(known, node.this.this)
    if isinstance(node, exp.WithinGroup):
        if isinstance(node.this, exp.Anonymous) and str(node.this.this).upper() == "LISTAGG":
            return _listagg(node.this, node.expression)
        return node
    assert isinstance(node, exp.Anonymous)
    name = str(node.this).upper()
    if name == "LISTAGG" and not isinstance(node.parent, exp.WithinGroup):
        return _listagg(node, None)
    if name == "MEDIAN" and not isinstance(node.parent, exp.Window):
        order = exp.Order(expressions=[exp.Ordered(this=node.expressions[0])])
        return exp.WithinGroup(this=call("percentile_cont", exp.Literal.number("0.5")), expression=order)
    if name == "AVG":
        return _average(node)
    if name == "RATIO_TO_REPORT" and isinstance(node.parent, exp.Window):
        window = node.parent.copy()
        window.set("this", call("sum", node.expressions[0].copy()))
        share = exp.Div(this=exp.cast(node.expressions[0], "float8"), expression=call("nullif", window, _zero()))
        node.parent.replace(exp.paren(share))
        return node
    return rewritten(node)


def _zero() -> exp.Expression:
    return exp.Literal.number(0)


def _average(node: exp.Anonymous) -> exp.Expression:
    """AVG of whole numbers is a whole number in Redshift; the type is known to the database only.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_AVG.html
    """
    if getattr(node, "meta", {}).get("done"):
        return node
    outer: exp.Expression = node
    while isinstance(outer.parent, _AGGREGATE_WRAPPERS) and outer.parent.this is outer:
        outer = outer.parent
    node.meta["done"] = True
    sample = outer.copy()
    inner = sample
    while isinstance(inner, _AGGREGATE_WRAPPERS):
        inner = inner.this
    inner.set("this", "max")
    wrapped = call("rs_avg", outer.copy(), sample)
    for one in wrapped.find_all(exp.Anonymous):
        one.meta["done"] = True
    if outer is node:
        return wrapped
    outer.replace(wrapped)
    return node


def _listagg(node: exp.Anonymous, order: exp.Expression | None) -> exp.Expression:
    """LISTAGG, whose order may stand in the window where it is one."""
    arguments = list(node.expressions)
    distinct = isinstance(arguments[0], exp.Distinct)
    if distinct:
        arguments = list(arguments[0].expressions) + arguments[1:]
        if len(arguments) == 1 and isinstance(arguments[0], exp.Tuple):
            arguments = list(arguments[0].expressions)
    value: exp.Expression = exp.cast(arguments[0], "text")
    separator = arguments[1] if len(arguments) > 1 else exp.Literal.string("")
    window = (node.parent if order is None else node.parent.parent) if node.parent else None
    if isinstance(window, exp.Window) and order is not None:
        window.set("order", exp.Order(expressions=[one.copy() for one in order.expressions]))
        window.set("spec", exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="UNBOUNDED", end_side="FOLLOWING"
        ))
        order = None
    if distinct:
        value = exp.Distinct(expressions=[value])
        if order is not None:  # PostgreSQL sorts by the aggregated expression only
            down = order.expressions[0].args.get("desc")
            order = exp.Order(expressions=[exp.Ordered(this=exp.cast(arguments[0].copy(), "text"), desc=down)])
    if order is not None:
        separator = exp.Order(this=separator.copy(), expressions=[one.copy() for one in order.expressions])
    return call("string_agg", value, separator)


def _type(node: exp.DataType) -> exp.Expression:
    """Types under PostgreSQL's names; a text column without a length has one of 256 bytes.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
    """
    name = node.sql("redshift").upper()
    column = isinstance(node.parent, exp.ColumnDef)
    if name == "SUPER":
        return exp.DataType.build("jsonb", dialect="postgres")
    if name.startswith(("VARBYTE", "VARBINARY", "BINARY VARYING")):
        return exp.DataType.build("bytea", dialect="postgres")
    if name.startswith(("GEOMETRY", "GEOGRAPHY", "HLLSKETCH")):
        raise UnsupportedStatement(f"type {name.lower()} is not supported here")
    if name.endswith("(MAX)"):
        return exp.DataType.build("varchar(65535)", dialect="postgres")
    if name in ("TEXT", "BPCHAR", "VARCHAR", "NVARCHAR", "CHARACTER VARYING") and column:
        return exp.DataType.build("char(256)" if name == "BPCHAR" else "varchar(256)", dialect="postgres")
    if name in ("DECIMAL", "NUMERIC"):
        return exp.DataType.build("numeric(18, 0)", dialect="postgres")
    return node


def _cast(node: exp.Cast) -> exp.Expression:
    """A cast of a value inside a SUPER goes through its text."""
    if is_path(node.this) and node.to.sql("postgres").upper() != "JSONB":
        node.set("this", text_of(node.this))
    return node


def _extract(node: exp.Extract) -> exp.Expression:
    """EXTRACT answers a whole number."""
    part = date_parts.postgres_part(node.this.name)
    if part is None:
        raise SyntaxProblem(f'invalid date part "{node.this.name}"')
    node.set("this", exp.var(part))
    if isinstance(node.parent, exp.Cast) and node.parent.args.get("from_extract"):
        return node
    whole = exp.cast(call("trunc", node.copy()), "bigint" if part in ("epoch", "microseconds") else "int")
    whole.set("from_extract", True)
    return whole


def _compare(node: exp.Expression) -> None:
    """A value inside a SUPER against a literal: compared as what the literal is."""
    for one, other in (("this", "expression"), ("expression", "this")):
        path, literal = node.args.get(one), node.args.get(other)
        if is_path(path) and isinstance(literal, (exp.Literal, exp.Neg)):
            node.set(one, text_of(path) if literal.is_string else number_of(path))


def _merge_insert(node: exp.Insert) -> None:
    """`INSERT VALUES (...)` without columns."""
    inner = node.this
    if isinstance(inner, exp.Tuple) and not node.expression and len(inner.expressions) == 1:
        values = inner.expressions[0]
        if isinstance(values, exp.Anonymous) and values.name.upper() == "VALUES":
            node.set("this", None)
            node.set("expression", exp.Tuple(expressions=values.expressions))


def _into(node: exp.Into) -> None:
    if node.this and node.this.name.startswith("#"):
        node.set("temporary", True)


def _create(tree: exp.Create) -> None:
    """Temporary tables by name, and constraints, which Redshift keeps as information and does not enforce.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/t_Defining_constraints.html
    """
    schema = tree.this
    table = schema.this if isinstance(schema, exp.Schema) else schema
    if isinstance(table, exp.Table) and table.name.startswith("#"):
        properties = tree.args.get("properties") or exp.Properties(expressions=[])
        if not properties.find(exp.TemporaryProperty):
            properties.append("expressions", exp.TemporaryProperty())
        tree.set("properties", properties)
    if not isinstance(schema, exp.Schema) or str(tree.args.get("kind", "")).upper() != "TABLE":
        return
    keyed: set[str] = set()
    kept = []
    for one in schema.expressions:
        inner = one.expressions[0] if isinstance(one, exp.Constraint) and one.expressions else one
        if isinstance(inner, exp.PrimaryKey):
            keyed |= {column.name for column in inner.expressions}
        elif not isinstance(inner, (exp.ForeignKey, exp.UniqueColumnConstraint)):
            kept.append(one)
    for column in kept:
        if isinstance(column, exp.ColumnDef):
            _column_constraints(column, column.name in keyed)
    schema.set("expressions", kept)


def _identity_range(kind: exp.Expression) -> None:
    """An identity may begin at 0 or run backwards, which a sequence does only when its range is told."""
    if not isinstance(kind, exp.GeneratedAsIdentityColumnConstraint):
        return
    start, step = (int(kind.args[name].sql()) if kind.args.get(name) else 1 for name in ("start", "increment"))
    if step > 0 and start < 1:
        kind.set("minvalue", exp.Literal.number(start))
    elif step < 0 and start > -1:
        kind.set("maxvalue", exp.Literal.number(start))


def _column_constraints(column: exp.ColumnDef, keyed: bool) -> None:
    kept = []
    for one in column.args.get("constraints") or []:
        kind = one.args.get("kind")
        if isinstance(kind, exp.PrimaryKeyColumnConstraint):
            keyed = True
        elif not isinstance(kind, (exp.UniqueColumnConstraint, exp.Reference, exp.CollateColumnConstraint)):
            if isinstance(kind, exp.GeneratedAsIdentityColumnConstraint) and "on_null" not in kind.args:
                kind.set("this", True)  # IDENTITY(1, 1), which takes no values of the user's
            _identity_range(kind)
            kept.append(one)
    if keyed and not any(isinstance(one.args.get("kind"), exp.NotNullColumnConstraint) for one in kept):
        kept.append(exp.ColumnConstraint(kind=exp.NotNullColumnConstraint()))
    column.set("constraints", kept)
