"""Redshift's grammar as the parser reads it here, and PostgreSQL's as it is written.

Functions are left as they are written: those that PostgreSQL lacks, or that mean something else there, exist in each
cluster's database (`functions.sql`). So a function means what its definition says, not what a translator took it for.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.dialects.redshift import Redshift
from sqlglot.generators.postgres import PostgresGenerator
from sqlglot.parsers.redshift import RedshiftParser

_PARSED = ("CAST", "CONVERT", "EXTRACT", "OVERLAY", "POSITION", "SUBSTRING", "TRIM", "TRY_CAST")
_SHAPED = ("COALESCE", "COUNT", "FIRST_VALUE", "LAST_VALUE", "LAG", "LEAD", "NTH_VALUE", "EXISTS")


class RedshiftSource(Redshift):  # type: ignore[misc]
    """Redshift's SQL with its functions kept as written."""

    class Parser(RedshiftParser):  # type: ignore[misc]
        FUNCTIONS: ClassVar[dict[str, Any]] = {
            name: build for name, build in RedshiftParser.FUNCTIONS.items() if name in _SHAPED
        }
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: parse for name, parse in RedshiftParser.FUNCTION_PARSERS.items() if name in _PARSED
        }
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: parse for name, parse in RedshiftParser.NO_PAREN_FUNCTION_PARSERS.items() if name != "SYSDATE"
        }


class PostgresTarget(Postgres):  # type: ignore[misc]
    """PostgreSQL's SQL; array elements are counted as in the source, since all of them are JSON's."""

    INDEX_OFFSET = 0

    class Generator(PostgresGenerator):  # type: ignore[misc]
        TRANSFORMS: ClassVar[dict[Any, Any]] = {
            **PostgresGenerator.TRANSFORMS,
            exp.Placeholder: lambda self, node: f":{node.name}",
        }
