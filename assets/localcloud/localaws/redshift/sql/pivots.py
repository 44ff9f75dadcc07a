"""PIVOT and UNPIVOT, which PostgreSQL has no words for.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause-pivot-unpivot-examples.html
"""

from __future__ import annotations

from sqlglot import exp

from localaws.redshift.sql.statement import UnsupportedStatement


def unfold_pivots(tree: exp.Expression) -> None:
    """Replace each pivoted source by a query that says the same."""
    for pivot in list(tree.find_all(exp.Pivot)):
        source = pivot.parent
        if not isinstance(source, (exp.Table, exp.Subquery)):
            continue
        bare = source.copy()
        bare.set("pivots", None)
        query = _unpivot(bare, pivot) if pivot.args.get("unpivot") else _pivot(bare, pivot)
        name = pivot.alias or source.alias or "pivoted"
        source.replace(query.subquery(name))


def _columns(source: exp.Expression) -> list[str]:
    """The columns of a source that lists them."""
    query = source.this if isinstance(source, exp.Subquery) else None
    if not isinstance(query, exp.Select) or query.is_star:
        raise UnsupportedStatement("PIVOT and UNPIVOT are supported here over a subquery that lists its columns")
    return [one.alias_or_name for one in query.expressions]


def _fields(pivot: exp.Expression) -> exp.In:
    field = (pivot.args.get("fields") or [pivot.args.get("field")])[0]
    if not isinstance(field, exp.In):
        raise UnsupportedStatement("this form of PIVOT is not supported here")
    return field


def _pivot(source: exp.Expression, pivot: exp.Expression) -> exp.Select:
    field = _fields(pivot)
    used = {field.this.name}
    for aggregate in pivot.expressions:
        used |= {column.name for column in aggregate.find_all(exp.Column)}
    rest = [name for name in _columns(source) if name not in used]
    query = exp.select(*rest).from_(_named(source))
    for value in field.expressions:
        literal, label = (value.this, value.alias) if isinstance(value, (exp.Alias, exp.PivotAlias)) else (value, "")
        for aggregate in pivot.expressions:
            inner = aggregate.unalias().copy()
            matching = exp.EQ(this=field.this.copy(), expression=literal.copy())
            name = label or literal.name
            if aggregate.alias:
                name = f"{name}_{aggregate.alias}"
            query = query.select(exp.alias_(exp.Filter(this=inner, expression=exp.Where(this=matching)), name.lower(),
                                            quoted=True))
    return query.group_by(*rest) if rest else query


def _unpivot(source: exp.Expression, pivot: exp.Expression) -> exp.Select:
    field = _fields(pivot)
    value = pivot.expressions[0].name
    name = field.this.name
    taken = [one.this if isinstance(one, (exp.Alias, exp.PivotAlias)) else one for one in field.expressions]
    labels = [one.alias if isinstance(one, (exp.Alias, exp.PivotAlias)) else one.name for one in field.expressions]
    names = {one.name for one in taken}
    rest = [one for one in _columns(source) if one not in names]
    rows = ", ".join(
        f"('{label}'::varchar, {column.sql('postgres')})" for label, column in zip(labels, taken, strict=True)
    )
    unfolded = exp.maybe_parse(
        f"SELECT * FROM x CROSS JOIN LATERAL (VALUES {rows}) AS unfolded({name}, {value})", dialect="postgres"
    )
    query = exp.select(*rest, name, value).from_(_named(source))
    query.set("joins", [join.copy() for join in unfolded.args["joins"]])
    # A row without a value is left out.
    return query.where(exp.Not(this=exp.Is(this=exp.column(value), expression=exp.Null())))


def _named(source: exp.Expression) -> exp.Expression:
    if not source.alias:
        source = source.copy()
        source.set("alias", exp.TableAlias(this=exp.to_identifier("source")))
    return source
