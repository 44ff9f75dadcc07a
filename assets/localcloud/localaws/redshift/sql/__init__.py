"""Redshift's SQL, said in PostgreSQL's."""

from localaws.redshift.sql.statement import Statement, UnsupportedStatement
from localaws.redshift.sql.tokens import split
from localaws.redshift.sql.translate import translate

__all__ = ["Statement", "UnsupportedStatement", "split", "translate"]
