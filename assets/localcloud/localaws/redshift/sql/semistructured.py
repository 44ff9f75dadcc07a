"""SUPER: `a.b.c` and `a[0].b` into JSON, and arrays unnested in FROM, as PartiQL has them.

Source: https://docs.aws.amazon.com/redshift/latest/dg/query-super.html
"""

from __future__ import annotations

from sqlglot import exp

_SCOPES = (exp.Select, exp.Update, exp.Delete, exp.Merge)


def is_path(node: object) -> bool:
    """Whether the expression reaches into a SUPER."""
    if isinstance(node, exp.Paren):
        return is_path(node.this)
    return isinstance(node, exp.Bracket) or (isinstance(node, exp.Column) and bool(node.meta.get("element")))


def text_of(path: exp.Expression) -> exp.Expression:
    """The scalar at the path as text, without JSON's quotes."""
    return exp.Anonymous(this="rs_text", expressions=[path.copy()])


def number_of(path: exp.Expression) -> exp.Expression:
    """The scalar at the path as a number; NULL where it is none."""
    return exp.Anonymous(this="rs_number", expressions=[path.copy()])


def navigate(tree: exp.Expression) -> None:
    """Turn dotted names that are more than a table and a column into paths."""
    elements = _unnest(tree)
    for column in list(tree.find_all(exp.Column)):
        if isinstance(column.this, exp.Star):
            continue
        _column(column, _sources(column), elements)
    for dot in reversed(list(tree.find_all(exp.Dot))):
        if isinstance(dot.expression, exp.Identifier) and not isinstance(dot.this, (exp.Identifier, exp.Table)):
            dot.replace(_step(dot.this.copy(), dot.expression.name))
    for bracket in list(tree.find_all(exp.Bracket)):
        if not isinstance(bracket.this, (exp.Column, exp.Bracket, exp.Paren)):
            bracket.set("this", exp.paren(bracket.this.copy()))


def _unnest(tree: exp.Expression) -> set[str]:
    """`FROM t, t.items i` becomes a join with the array's elements; answers the names that are elements."""
    found = set()
    for unnest in list(tree.find_all(exp.Unnest)):
        alias = unnest.args.get("alias")
        if not alias or not alias.args.get("columns"):
            continue
        element = alias.args["columns"][0].name
        array = exp.Anonymous(this="rs_elements", expressions=[unnest.expressions[0].copy()])
        name = exp.to_identifier(element)
        unnest.replace(exp.Table(this=array, alias=exp.TableAlias(this=name, columns=[name.copy()])))
        found.add(element)
    for at in list(tree.find_all(exp.AtIndex)):
        alias = at.this
        if isinstance(alias, exp.Alias):
            names = [alias.alias, at.expression.name]
            array = exp.Anonymous(this="rs_indexed_elements", expressions=[alias.this.copy()])
            columns = [exp.to_identifier(name) for name in names]
            at.replace(exp.Table(this=array, alias=exp.TableAlias(this=exp.to_identifier(names[0]), columns=columns)))
            found.add(names[0])
    return found


def _sources(column: exp.Expression) -> set[str]:
    """The names of the tables that the column may come from: those of every query around it."""
    names: set[str] = set()
    scope = column.find_ancestor(*_SCOPES)
    while scope is not None:
        for table in _tables(scope):
            names.add(table)
        scope = scope.find_ancestor(*_SCOPES)
    return names


def _tables(scope: exp.Expression) -> list[str]:
    parts: list[exp.Expression] = []
    source = scope.args.get("from_") or scope.args.get("from")
    if source is not None:
        parts.append(source.this)
    parts += [join.this for join in scope.args.get("joins") or []]
    if not isinstance(scope, exp.Select):
        parts += [one for one in (scope.args.get("this"), *_listed(scope.args.get("using"))) if one is not None]
    names = []
    for part in parts:
        names.append(part.alias_or_name)
        if isinstance(part, exp.Table):
            names += [join.this.alias_or_name for join in part.args.get("joins") or []]
            if part.db and not part.alias:
                names.append(f"{part.db}.{part.name}")
    return names


def _listed(value: object) -> list[exp.Expression]:
    return list(value) if isinstance(value, list) else [value] if isinstance(value, exp.Expression) else []


def _column(column: exp.Column, sources: set[str], elements: set[str]) -> None:
    parts = [part.name for part in column.parts]
    if len(parts) == 1:
        if parts[0] in elements:
            column.meta["element"] = True
        return
    if parts[0] in elements:
        base, path = exp.column(parts[0], table=parts[0]), parts[1:]
    elif parts[0] in sources:
        base, path = exp.column(parts[1], table=parts[0]), parts[2:]
    elif ".".join(parts[:2]) in sources or not sources or any(source.endswith(f".{parts[0]}") for source in sources):
        return
    else:
        base, path = exp.column(parts[0]), parts[1:]
    if not path:
        return
    result: exp.Expression = base
    for name in path:
        result = _step(result, name)
    column.replace(result)
    select = result.parent
    if isinstance(select, exp.Select) and result in select.expressions:  # the output keeps the last name
        result.replace(exp.alias_(result.copy(), path[-1]))


def _step(base: exp.Expression, name: str) -> exp.Expression:
    return exp.Bracket(this=base, expressions=[exp.Literal.string(name)])
