"""One statement of Redshift's, as PostgreSQL is sent it."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.errors import SqlglotError

from localaws.redshift.sql import physical
from localaws.redshift.sql.dialect import PostgresTarget, RedshiftSource
from localaws.redshift.sql.layout_changes import layout_change
from localaws.redshift.sql.rewrite import rewrite
from localaws.redshift.sql.statement import Statement, SyntaxProblem, UnsupportedStatement
from localaws.redshift.sql.tokens import Words

OWN_PARAMETERS = frozenset(
    (
        "analyze_threshold_percent", "auto_analyze", "cast_super_null_on_error", "default_geometry_encoding",
        "describe_field_name_in_uppercase", "downcase_delimited_identifier", "enable_case_sensitive_identifier",
        "enable_case_sensitive_super_attribute", "enable_numeric_rounding", "enable_result_cache_for_session",
        "enable_spectrum_oid", "enable_vacuum_boost", "error_on_nondeterministic_update",
        "json_parse_dedup_attributes", "json_parse_truncate_strings", "json_serialization_enable",
        "json_serialization_parse_nested_strings", "max_concurrency_scaling_clusters",
        "max_cursor_result_set_size", "mv_enable_aqmv_for_session", "navigate_super_null_on_error",
        "parse_super_null_on_error", "pg_federation_repeatable_read", "query_group",
        "spectrum_enable_pseudo_columns", "spectrum_query_maxerror", "stored_proc_log_min_messages",
        "use_fips_ssl", "wlm_query_slot_count",
    )
)
"""Settings of Redshift's that PostgreSQL does not have: kept in the session under a prefix.

Source: https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html
"""

_UNSUPPORTED = (
    ("CREATE", "EXTERNAL"), ("ALTER", "EXTERNAL"), ("DROP", "EXTERNAL"), ("CREATE", "MODEL"), ("CREATE", "DATASHARE"),
    ("ALTER", "DATASHARE"), ("CREATE", "LIBRARY"), ("ATTACH", "RLS"), ("CREATE", "RLS"), ("CREATE", "MASKING"),
    ("ANALYZE", "COMPRESSION"), ("ATTACH", "MASKING"), ("CREATE", "IDENTITY"), ("DO",),
)
_AS_WRITTEN = (
    "BEGIN", "START", "END", "COMMIT", "ROLLBACK", "ABORT", "CALL", "GRANT", "REVOKE", "COMMENT", "LOCK", "PREPARE",
    "EXECUTE", "DEALLOCATE", "DECLARE", "FETCH", "CLOSE", "REFRESH", "ANALYZE", "ANALYSE",
)


def translate(text: str) -> Statement:
    """The statement for PostgreSQL.

    Raises SyntaxProblem for what is not Redshift's SQL, UnsupportedStatement for what this local AWS does not do.
    COPY and UNLOAD are not for here.
    """
    words = Words(text)
    for unsupported in _UNSUPPORTED:
        if words.words(0, len(unsupported)) == unsupported:
            raise UnsupportedStatement(f"{' '.join(unsupported)} is not supported by the local Redshift")
    for begins, rule in _RULES:
        if words.words(0, len(begins)) == begins:
            return rule(text, words)
    if words.word(0) in _AS_WRITTEN:
        return Statement(_names_of_temporary_tables(text))
    if (change := layout_change(text)) is not None:
        return Statement(None, change)
    stripped, layout = physical.strip(text)
    return Statement(_translated(stripped), layout)


def _translated(text: str) -> str:
    words = Words(text)
    for index in reversed(range(len(words))):
        if words.word(index) == "APPROXIMATE" and words.word(index + 1) in ("COUNT", "PERCENTILE_DISC"):
            text = text[: words.start(index)] + text[words.end(index) :]
    if words.word(0) == "DELETE" and words.word(1) != "FROM":
        text = text[: words.end(0)] + " FROM" + text[words.end(0) :]
    try:
        tree = parse_one(text, dialect=RedshiftSource)
        if isinstance(tree, exp.Command):
            return _names_of_temporary_tables(text)
        _name_settings(tree)
        return str(rewrite(tree).sql(PostgresTarget, unsupported_level=ErrorLevel.RAISE))
    except SqlglotError as error:
        raise SyntaxProblem(f"syntax error: {_plain(str(error))}") from None


def _name_settings(tree: exp.Expression) -> None:
    """CURRENT_SETTING and SET_CONFIG of a parameter that is Redshift's own."""
    for call in tree.find_all(exp.Anonymous):
        if call.name.lower() not in ("current_setting", "set_config") or not call.expressions:
            continue
        first = call.expressions[0]
        if isinstance(first, exp.Literal) and first.name in OWN_PARAMETERS:
            first.set("this", f"redshift.{first.name}")
            if len(call.expressions) == 1:  # one that was not set is no error
                call.append("expressions", exp.true())


def _plain(message: str) -> str:
    return re.sub(r"\x1b\[\d+m", "", message).splitlines()[0]


def _names_of_temporary_tables(text: str) -> str:
    """`#name` in quotes; for statements that are sent as they are written."""
    words = Words(text)
    for index in reversed(range(len(words))):
        if words.word(index).startswith("#"):
            text = text[: words.start(index)] + f'"{words.name(index)}"' + text[words.end(index) :]
    return text


def _set(text: str, words: Words) -> Statement:
    at = 2 if words.word(1) in ("SESSION", "LOCAL") and words.word(2) not in ("AUTHORIZATION", "TO", "=") else 1
    if words.name(at) in OWN_PARAMETERS:
        scope = "LOCAL " if words.word(1) == "LOCAL" else ""
        return Statement(f"SET {scope}redshift.{words.name(at)}{text[words.end(at):]}")
    return Statement(text)


def _reset(text: str, words: Words) -> Statement:
    if words.name(1) in OWN_PARAMETERS and len(words) == 2:
        return Statement(f"SET redshift.{words.name(1)} TO DEFAULT")
    return Statement(text)


def _show(text: str, words: Words) -> Statement:
    if words.name(1) in OWN_PARAMETERS and len(words) == 2:
        return Statement(f"select current_setting('redshift.{words.name(1)}', true) as {words.name(1)}")
    if words.word(1) in ("TABLES", "SCHEMAS", "COLUMNS", "DATABASES", "TABLE", "VIEW", "EXTERNAL", "GRANTS"):
        raise UnsupportedStatement(f"SHOW {words.word(1)} is not supported by the local Redshift")
    return Statement(text)


def _vacuum(text: str, words: Words) -> Statement:
    """VACUUM for what it means here: dead rows are freed; there are no sorted regions.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_VACUUM_command.html
    """
    index = 1
    while words.word(index) in ("FULL", "SORT", "DELETE", "ONLY", "REINDEX", "RECLUSTER"):
        index += 1
    table = ""
    if index < len(words) and words.word(index) not in ("TO", "BOOST"):
        table, index = words.qualified(index)
    return Statement(f"VACUUM {table}".strip(), in_transaction=False)


def _cancel(text: str, words: Words) -> Statement:
    if len(words) < 2 or not words.word(1).isdigit():
        raise SyntaxProblem("syntax error: CANCEL needs a process id")
    return Statement(f"select pg_cancel_backend({words.word(1)})")


def _append(text: str, words: Words) -> Statement | None:
    """ALTER TABLE APPEND moves rows.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE_APPEND.html
    """
    target, index = words.qualified(2)
    if words.words(index, 2) != ("APPEND", "FROM"):
        return None
    source, _ = words.qualified(index + 2)
    return Statement(
        f"with moved as (delete from {source} returning *) insert into {target} overriding system value "
        "select * from moved"
    )


def _alter_table(text: str, words: Words) -> Statement:
    moved = _append(text, words)
    if moved is not None:
        return moved
    if (change := layout_change(text)) is not None:
        return Statement(None, change)
    stripped, layout = physical.strip(text)
    return Statement(_translated(stripped), layout)


def _user(text: str, words: Words) -> Statement:
    """CREATE and ALTER USER, whose options differ in a few words.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html
    """
    text = re.sub(r"(?i)\bpassword\s+disable\b", "PASSWORD NULL", text)
    text = re.sub(r"(?i)\bcreateuser\b", "CREATEROLE CREATEDB", text)
    text = re.sub(r"(?i)\bnocreateuser\b", "NOCREATEROLE", text)
    if re.search(r"(?i)\b(syslog\s+access|session\s+timeout|externalid)\b", text):
        raise UnsupportedStatement("SYSLOG ACCESS, SESSION TIMEOUT and EXTERNALID are not supported here")
    return Statement(text)


def _grant_role(text: str, words: Words) -> Statement:
    """GRANT ROLE r TO ROLE s; PostgreSQL names both without the word."""
    return Statement(re.sub(r"(?i)\brole\s+", "", text))


def _routine(text: str, words: Words) -> Statement:
    lowered = text.lower()
    if re.search(r"language\s+(plpythonu|plpython3u)", lowered) or "lambda" in words.name(2):
        raise UnsupportedStatement("functions in Python are not supported by the local Redshift")
    text = re.sub(r"(?i)\bnonatomic\b", "", text)
    # The body is a string, in which temporary tables are named too.
    return Statement(re.sub(r"(?<![\w\"'#])#([A-Za-z_]\w*)", r'"#\1"', text))


def _explain(text: str, words: Words) -> Statement:
    at = 2 if words.word(1) == "VERBOSE" else 1
    return Statement("EXPLAIN " + _translated(text[words.start(at) :]))


def _database(text: str, words: Words) -> Statement:
    """CREATE DATABASE, in no transaction; what only Redshift has is left out."""
    text = re.sub(r"(?i)\b(collate\s+\w+|isolation\s+level\s+\w+)\b", "", text)
    return Statement(text, in_transaction=False)


_RULES: tuple[tuple[tuple[str, ...], Callable[[str, Words], Statement]], ...] = (
    (("SET",), _set),
    (("RESET",), _reset),
    (("SHOW",), _show),
    (("VACUUM",), _vacuum),
    (("CANCEL",), _cancel),
    (("ALTER", "TABLE"), _alter_table),
    (("CREATE", "USER"), _user),
    (("ALTER", "USER"), _user),
    (("DROP", "USER"), lambda text, words: Statement(text)),
    (("CREATE", "GROUP"), lambda text, words: Statement(text)),
    (("ALTER", "GROUP"), lambda text, words: Statement(text)),
    (("DROP", "GROUP"), lambda text, words: Statement(text)),
    (("CREATE", "ROLE"), lambda text, words: Statement(text)),
    (("DROP", "ROLE"), lambda text, words: Statement(text)),
    (("CREATE", "SCHEMA"), lambda text, words: Statement(re.sub(r"(?i)\bquota\s+(unlimited|\d+\s*(mb|gb|tb)?)",
                                                                "", text))),
    (("ALTER", "SCHEMA"), lambda text, words: Statement(text)),
    (("CREATE", "DATABASE"), _database),
    (("DROP", "DATABASE"), _database),
    (("ALTER", "DEFAULT"), lambda text, words: Statement(text)),
    (("GRANT", "ROLE"), _grant_role),
    (("REVOKE", "ROLE"), _grant_role),
    (("CREATE", "FUNCTION"), _routine),
    (("CREATE", "OR", "REPLACE", "FUNCTION"), _routine),
    (("CREATE", "PROCEDURE"), _routine),
    (("CREATE", "OR", "REPLACE", "PROCEDURE"), _routine),
    (("DROP", "PROCEDURE"), lambda text, words: Statement(text)),
    (("DROP", "FUNCTION"), lambda text, words: Statement(text)),
    (("EXPLAIN",), _explain),
)
