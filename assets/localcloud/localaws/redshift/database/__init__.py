"""What a cluster's PostgreSQL gets besides: Redshift's functions and system views."""

from __future__ import annotations

import functools
import hashlib
from importlib import resources
from typing import Any

SUPERUSER = "rdsdb"
"""The user that owns what belongs to Redshift itself, as on AWS."""

_SCRIPTS = ("functions.sql", "text.sql", "json.sql", "catalog.sql")


@functools.cache
def version() -> str:
    """What tells these definitions from those of another version."""
    digest = hashlib.sha256()
    for script in _SCRIPTS:
        digest.update(resources.files(__name__).joinpath(script).read_bytes())
    return digest.hexdigest()[:16]


def install(connection: Any) -> None:
    """Define everything in the database of a superuser's connection. May be repeated."""
    connection.execute("set allow_system_table_mods = on")
    for script in _SCRIPTS:
        connection.execute(resources.files(__name__).joinpath(script).read_text())
    connection.execute("set allow_system_table_mods = off")
