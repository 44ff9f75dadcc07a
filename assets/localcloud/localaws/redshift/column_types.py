"""PostgreSQL's types under the names that Redshift's clients see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_NAMES = {
    16: "bool", 17: "varbyte", 20: "int8", 21: "int2", 23: "int4", 25: "varchar", 18: "char", 19: "name", 26: "oid",
    700: "float4", 701: "float8", 705: "varchar", 1042: "bpchar", 1043: "varchar", 1082: "date", 1083: "time",
    1114: "timestamp", 1184: "timestamptz", 1186: "interval", 1266: "timetz", 1700: "numeric", 3802: "super",
}
_SIGNED = {20, 21, 23, 700, 701, 1700}
_PRECISION = {20: 19, 21: 5, 23: 10, 700: 8, 701: 17, 16: 1, 1082: 13, 1114: 29, 1184: 35, 1083: 15, 1266: 21}
_TEXT = {18, 19, 25, 1042, 1043}


@dataclass(frozen=True)
class ResultColumn:
    """A column of a query's result."""

    name: str
    oid: int
    modifier: int
    schema: str = ""
    table: str = ""
    nullable: bool = True
    default: str = ""

    @property
    def type(self) -> str:
        """Redshift's name of the type."""
        return _NAMES.get(self.oid, "varchar")

    @property
    def precision(self) -> int:
        """Digits of a number, bytes of a text."""
        if self.oid == 1700:
            return self.modifier - 4 >> 16 & 0xFFFF if self.modifier >= 4 else 38
        if self.oid in _TEXT:
            return self.modifier - 4 if self.modifier > 4 else 65535
        return _PRECISION.get(self.oid, 0)

    @property
    def scale(self) -> int:
        """Digits after the point."""
        if self.oid == 1700:
            return self.modifier - 4 & 0xFFFF if self.modifier >= 4 else 0
        return {700: 8, 701: 17, 1114: 6, 1184: 6}.get(self.oid, 0)

    def metadata(self) -> dict[str, Any]:
        """The column as the Data API describes it.

        Source: https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ColumnMetadata.html
        """
        return {
            "columnDefault": self.default, "isCaseSensitive": self.oid in _TEXT, "isCurrency": False,
            "isSigned": self.oid in _SIGNED, "label": self.name, "length": 0, "name": self.name,
            "nullable": int(self.nullable), "precision": self.precision, "scale": self.scale,
            "schemaName": self.schema, "tableName": self.table, "typeName": self.type,
        }


def of_result(cursor: Any) -> list[ResultColumn]:
    """The columns of a cursor's result, without where they come from."""
    result = cursor.pgresult
    return [
        ResultColumn(result.fname(i).decode(), result.ftype(i), result.fmod(i)) for i in range(result.nfields)
    ]


def with_tables(connection: Any, cursor: Any) -> list[ResultColumn]:
    """The columns of a cursor's result, with the table each comes from."""
    result = cursor.pgresult
    columns = of_result(cursor)
    wanted = {(result.ftable(i), result.ftablecol(i)) for i in range(result.nfields) if result.ftable(i)}
    if not wanted:
        return columns
    rows = connection.execute(
        "select a.attrelid, a.attnum, n.nspname, c.relname, not a.attnotnull,"
        " coalesce(pg_get_expr(d.adbin, d.adrelid), '')"
        " from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
        " left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = any(%s)",
        ([one for one, _ in wanted],),
    ).fetchall()
    known = {(row[0], row[1]): row[2:] for row in rows}
    found = []
    for i, column in enumerate(columns):
        origin = known.get((result.ftable(i), result.ftablecol(i)))
        if origin:
            schema, table, nullable, default = origin
            column = ResultColumn(column.name, column.oid, column.modifier, schema, table, nullable, default)
        found.append(column)
    return found
