from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localaws.engines import Postgres
from localaws.engines.address import choose
from localaws.redshift import database
from localaws.settings import Settings


@pytest.fixture(scope="session")
def engine() -> Iterator[Postgres]:
    """A cluster's PostgreSQL with Redshift's functions, without a control plane."""
    state = Path(tempfile.mkdtemp(prefix="localaws-"))
    settings = Settings(state=state, port=0, account="123456789012", region="us-east-1", uuid="0")
    running = Postgres(settings, "redshift", "dialect", choose(15439), superuser=database.SUPERUSER)
    running.start()
    with running.connect("template1", autocommit=True) as connection:
        database.install(connection)
    running.make_user("awsuser", "secret", roles=("pg_read_all_data",))
    running.make_database("dev", "awsuser")
    yield running
    running.remove()
    shutil.rmtree(state, ignore_errors=True)


@pytest.fixture
def connection(engine: Postgres) -> Iterator[Any]:
    """A session of the master user's, rolled back."""
    with engine.connect("dev", "awsuser", "secret") as opened:
        yield opened
        opened.rollback()
